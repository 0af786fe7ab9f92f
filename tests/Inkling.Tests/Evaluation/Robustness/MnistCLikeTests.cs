using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Evaluation.Robustness;
using Inkling.Tests.Support;

namespace Inkling.Tests.Evaluation.Robustness;

public sealed class MnistCLikeTests
{
    /// <summary>The training images of Fixtures/Robustness/make_corruptions.py.</summary>
    private static readonly int[] Chosen = [0, 1, 5, 7];

    private static readonly ImageSet Digits = Datasets.Load("mnist").Train.Subset([.. Enumerable.Range(0, 8)]);

    public static TheoryData<string> Ids => [.. MnistCLike.All.Select(corruption => corruption.Id)];

    [Fact]
    public void All_AreThePapersFifteenAtItsSeverities() => Assert.Equal<IEnumerable<(string, int?)>>(
        [
            ("shot_noise", 5), ("impulse_noise", 4), ("glass_blur", 1), ("motion_blur", 1), ("shear", 2), ("scale", 3), ("rotate", 2),
            ("brightness", 5), ("translate", 3), ("stripe", null), ("fog", 5), ("spatter", 4), ("dotted_line", null), ("zigzag", null),
            ("canny_edges", null),
        ],
        MnistCLike.All.Select(corruption => (corruption.Id, corruption.Severity)));

    /// <summary>SciPy and scikit-image sum in other orders: a value on the border between two levels may fall on either side.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Corrupt_FourDigits_GivesNumPysPixels(string id)
    {
        byte[] expected = File.ReadAllBytes(Fixture.Path("Robustness", "corruptions.bin"));
        int length = Chosen.Length * 28 * 28;
        int number = MnistCLike.All.IndexOf(Of(id));

        byte[] actual = Corrupt(id, Digits, Chosen);

        Assert.Equal(expected[..length], Digits.Subset(Chosen).Pixels.ToArray());
        ReadOnlySpan<byte> wanted = expected.AsSpan((number + 1) * length, length);
        for (int i = 0; i < length; i++)
        {
            Assert.True(Math.Abs(wanted[i] - actual[i]) <= 1, $"pixel {i}: expected {wanted[i]}, got {actual[i]}");
        }

        Assert.NotEqual(expected[..length], actual);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Corrupt_AnyThreadsAndOrder_GivesTheSameBytes(string id)
    {
        byte[] forwards = Corrupt(id, Digits, [0, 1, 2, 3, 4], threads: 1);
        byte[] backwards = Corrupt(id, Digits, [4, 3, 2, 1, 0], threads: 3);

        Assert.Equal(forwards.Chunk(784), backwards.Chunk(784).Reverse());
    }

    /// <summary>
    /// Published numbers depend on these bytes, here by the first half of their SHA-256; a change of them is a change of the benchmark's
    /// name.
    /// </summary>
    [Fact]
    public void Corrupt_EightDigits_NeverChanges()
    {
        byte[] all = [.. MnistCLike.All.SelectMany(corruption => Corrupt(corruption.Id, Digits, [.. Enumerable.Range(0, 8)]))];

        Assert.Equal("b259415b2253f092c5ad432d0c5c407f", Convert.ToHexStringLower(SHA256.HashData(all))[..32]);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Corrupt_AnySizeInColour_Works(string id)
    {
        foreach ((int height, int width) in new[] { (1, 1), (2, 3), (7, 40), (64, 48) })
        {
            byte[] grey = [.. Enumerable.Range(0, height * width).Select(i => (byte)(i * 37))];
            var images = new ImageSet(3, height, width, 2, [.. grey, .. grey, .. grey], [1], new Dictionary<string, string>());

            byte[][] channels = [.. Corrupt(id, images, [0]).Chunk(height * width)];

            Assert.Equal(3, channels.Length);
            if (id is not ("shot_noise" or "impulse_noise"))
            {
                Assert.Equal(channels[0], channels[1]);
                Assert.Equal(channels[0], channels[2]);
            }
        }
    }

    [Fact]
    public void Corrupt_WithoutStrength_ChangesNothing()
    {
        ImageCorruption[] harmless =
        [
            new ImpulseNoise(0), new Shear(0), new Scale(1), new Rotate(0), new Brightness(0), new Translate(0), new Fog(0, 1.4),
            new Spatter(0.65, 0.3, 1, 9, 1.5),
        ];
        using var team = new WorkerTeam(1);

        Assert.All(harmless, corruption => Assert.Equal(
            Digits.Pixels.ToArray(),
            MnistCLike.Corrupt(corruption, 0, Digits, Enumerable.Range(0, Digits.Count).ToArray(), team).Pixels.ToArray()));
    }

    [Fact]
    public void Brightness_OfColour_KeepsTheHue()
    {
        var images = new ImageSet(3, 1, 1, 2, [200, 150, 50], [0], new Dictionary<string, string>());

        // The largest channel reaches white, and the others grow as it does: by 255/200.
        Assert.Equal([255, 191, 64], Corrupt("brightness", images, [0]));
    }

    [Fact]
    public void ShotNoise_OfGrey_HasPoissonsMean()
    {
        var images = new ImageSet(1, 200, 200, 2, [.. Enumerable.Repeat((byte)85, 40_000)], [0], new Dictionary<string, string>());

        double[] counts = [.. Corrupt("shot_noise", images, [0]).Select(value => Math.Round(value / 85.0))];
        double mean = counts.Average();

        // One photon a pixel; more than three are cut off: 1 − Σ (k − 3)/(e·k!) over k > 3 = 0.9767, and none with probability 1/e.
        Assert.InRange(mean, 0.962, 0.992);
        Assert.InRange(counts.Count(count => count == 0) / 40_000.0, 0.358, 0.378);
    }

    [Fact]
    public void Result_OfCounts_HasTheRelativeErrors()
    {
        var result = new RobustnessResult("test", 90, 100, [new(MnistCLike.All[0], 80, 100), new(MnistCLike.All[1], 60, 100)]);
        RobustnessResult perfect = result with { CleanRight = 100 };

        Assert.Equal(2, result.RelativeError(result.Corruptions[0]));
        Assert.Equal(4, result.RelativeError(result.Corruptions[1]));
        Assert.Equal((0.7, 0.3, 3.0), (result.MeanAccuracy, Math.Round(result.MeanError, 12), result.MeanRelativeError!.Value));
        Assert.Null(perfect.MeanRelativeError);
        Assert.Null(perfect.RelativeError(result.Corruptions[0]));
    }

    [Fact]
    public void Corrupt_SomethingElse_Throws()
    {
        using var team = new WorkerTeam(1);

        Assert.Throws<ArgumentOutOfRangeException>(() => MnistCLike.Corrupt(new Shear(0.1), Digits, new[] { 0 }, team));
    }

    private static ImageCorruption Of(string id) => MnistCLike.All.Single(corruption => corruption.Id == id);

    private static byte[] Corrupt(string id, ImageSet images, int[] indices, int threads = 2)
    {
        using var team = new WorkerTeam(threads);
        return MnistCLike.Corrupt(Of(id), images, indices, team).Pixels.ToArray();
    }
}
