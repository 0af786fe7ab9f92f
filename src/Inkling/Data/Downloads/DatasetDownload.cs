using Inkling.Data.Idx;

namespace Inkling.Data.Downloads;

/// <summary>A published dataset of IDX files that is fetched when it is first asked for.</summary>
/// <param name="Name">How users, locks and reports call it.</param>
/// <param name="ClassNames">In label order.</param>
/// <param name="Files">The files to fetch.</param>
/// <param name="LocalFolder">Where an operating system's package puts the four IDX files; null if none does.</param>
/// <param name="Archive">How the IDX files lie in a single archive; null if they are fetched one by one.</param>
internal sealed record DatasetDownload(
    string Name, IReadOnlyList<string> ClassNames, IReadOnlyList<RemoteFile> Files, string? LocalFolder = null, IdxArchive? Archive = null)
{
    private static readonly string[] Digits = IdxImages.NumberedClasses(10);

    /// <summary>Every dataset that is known by name, with hashes that others have published.</summary>
    public static IReadOnlyList<DatasetDownload> All { get; } =
    [
        // Hashes: tensorflow/datasets, url_checksums/fashion_mnist.txt; those of the raw files were taken from Debian's
        // dataset-fashion-mnist, which packs them anew. Classes: the dataset's README.
        new(
            "fashion-mnist",
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            IdxFiles(
                [
                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
                ],
                ("train-images-idx3-ubyte.gz", 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
                ("train-labels-idx1-ubyte.gz", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
                ("t10k-images-idx3-ubyte.gz", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                ("t10k-labels-idx1-ubyte.gz", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
            LocalFolder: "/usr/share/datasets/fashion-mnist"),

        // Hashes: tensorflow/datasets, url_checksums/kmnist.txt, and the same in ankane/torchvision-ruby. Mirrors: the
        // dataset's README and pages. Classes: the dataset's kmnist_classmap.csv.
        new(
            "kmnist",
            ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
            IdxFiles(
                ["https://codh.rois.ac.jp/kmnist/dataset/kmnist/", "https://storage.googleapis.com/kuzushiji-mnist/"],
                ("train-images-idx3-ubyte.gz", 18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4", null),
                ("train-labels-idx1-ubyte.gz", 29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17", null),
                ("t10k-images-idx3-ubyte.gz", 3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5", null),
                ("t10k-labels-idx1-ubyte.gz", 5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c", null))),

        // Hash: tensorflow/datasets, url_checksums/emnist.txt. Mirrors: there, and torchvision's datasets/mnist.py.
        new(
            "emnist-digits",
            Digits,
            [
                new RemoteFile(
                    "gzip.zip", 561753746, "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
                    ["https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip"]),
            ],
            Archive: new IdxArchive("gzip/emnist-digits-", IsTransposed: true)),
    ];

    private static RemoteFile[] IdxFiles(string[] mirrors, params (string Name, long Length, string Sha256, string? RawSha256)[] files) =>
        [.. files.Select(file => new RemoteFile(
            file.Name, file.Length, file.Sha256, [.. mirrors.Select(mirror => mirror + file.Name)], file.RawSha256))];
}

/// <summary>A file of a dataset, and where it can be had.</summary>
/// <param name="Name">Its name in the cache.</param>
/// <param name="LengthBytes">Its exact length.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal.</param>
/// <param name="Mirrors">Addresses, asked in this order.</param>
/// <param name="RawSha256">Of what it decompresses to, for copies that somebody else has compressed; null if unknown.</param>
internal sealed record RemoteFile(string Name, long LengthBytes, string Sha256, IReadOnlyList<string> Mirrors, string? RawSha256 = null);

/// <summary>Four IDX files in a zip archive.</summary>
/// <param name="Prefix">What stands before <c>train-images-idx3-ubyte.gz</c> and before <c>test-…</c>.</param>
/// <param name="IsTransposed">Whether rows and columns of the images are exchanged.</param>
internal sealed record IdxArchive(string Prefix, bool IsTransposed);
