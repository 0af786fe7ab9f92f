using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Card;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging;

/// <summary>Packages whose files somebody has damaged, or forged: their lock agrees with what they hold.</summary>
public sealed class DamagedFilesTests(TinyModel tiny)
{
    // A sound read of the tiny package takes far less; what a file claims of its sizes must not matter.
    private const long MostBytes = 64 << 20;

    private static readonly string[] Tokens = ["\"\\ud800\"", "null", "{}", "[]", "1e999", "-1", "2147483647", "99999999999", "\u0000", ",", "\"a\":1,\"a\":2"];

    /// <summary>One to three bytes exchanged, a cut, or bytes put in between.</summary>
    private static readonly Gen<Func<byte[], byte[]>> Damage = Gen.OneOf(
        Gen.Select(Gen.Int[0, 999_999], Gen.Byte).Array[1, 3].Select(changes => (Func<byte[], byte[]>)(sound => Changed(sound, changes))),
        Gen.Int[0, 999_999].Select(at => (Func<byte[], byte[]>)(sound => sound[..At(sound, at)])),
        Gen.Select(Gen.Int[0, 999_999], Gen.Byte.Array[1, 8])
            .Select((at, bytes) => (Func<byte[], byte[]>)(sound => [.. sound[..At(sound, at)], .. bytes, .. sound[At(sound, at)..]])),
        Gen.Select(Gen.Int[0, 999_999], Gen.Int[0, Tokens.Length - 1])
            .Select((at, token) => (Func<byte[], byte[]>)(sound =>
            [.. sound[..At(sound, at)], .. Encoding.UTF8.GetBytes(Tokens[token]), .. sound[At(sound, at)..]])));

    [Theory]
    [InlineData(PackageFiles.Weights, "0000000000010")]
    [InlineData(PackageFiles.Config, "0000000000011")]
    [InlineData(PackageFiles.Preprocessor, "0000000000012")]
    [InlineData(PackageFiles.Calibration, "0000000000013")]
    public void Open_ForgedFile_OpensOrNamesTheFile(string name, string seed)
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        string lockFile = Path.Combine(package, PackageFiles.Lock);
        var sound = PackageLock.Read(lockFile);

        // A layer under another name is told of the weights, which have none of that name.
        ForAllDamages(
            Path.Combine(package, name), seed, 150, Open, name == PackageFiles.Config ? Path.Combine(package, PackageFiles.Weights) : null);

        void Open()
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(package, name))));
            (sound with { Files = new Dictionary<string, string>(sound.Files) { [name] = hash } }).Write(lockFile);
            TrainedPackage.Open(package).Dispose();
        }
    }

    [Fact]
    public void Open_DamagedLock_OpensOrNamesAFile()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        // Another hash or architecture is told of the file that it is about.
        ForAllDamages(
            Path.Combine(package, PackageFiles.Lock), "0000000000014", 150, () => TrainedPackage.Open(package).Dispose(), package);
    }

    [Fact]
    public void Metrics_Damaged_MakeACardOrAreNamed()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        ForAllDamages(Path.Combine(package, PackageFiles.Metrics), "0000000000015", 300, () => ModelCard.Create(package));
    }

    [Fact]
    public void History_Damaged_ReadsOrIsNamed()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(tiny.CopyTo(folder["p"]), PackageFiles.History);
        Assert.Equal(4, HistoryFile.Read(file).Count);
        Assert.Equal(File.ReadAllText(file), HistoryFile.Write(HistoryFile.Read(file)));

        ForAllDamages(file, "0000000000016", 1000, () => HistoryFile.Read(file));
    }

    [Fact]
    public void Losses_Damaged_ReadOrAreNamed()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(tiny.CopyTo(folder["p"]), PackageFiles.Losses);

        ForAllDamages(file, "0000000000017", 1000, () => LossesFile.Read(file));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"test\":{},\"test\":{}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\":1e999}")]
    [InlineData("{\"a\":\"\u0000\"}")]
    public void MetricsRead_NoSoundObject_NamesTheFile(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["metrics.json"], json);

        Assert.Equal(folder["metrics.json"], Assert.Throws<ModelFormatException>(() => MetricsFile.Read(folder["metrics.json"])).Path);
    }

    [Theory]
    [InlineData(PackageFiles.Metrics)]
    [InlineData(PackageFiles.History)]
    public void Read_HugeFile_IsRefusedUnread(string name)
    {
        using var folder = new TemporaryFolder();
        using (FileStream file = File.Create(folder[name]))
        {
            file.SetLength(1L << 40);
        }

        Assert.Throws<ModelFormatException>(
            () => _ = name == PackageFiles.Metrics ? (object)MetricsFile.Read(folder[name]) : HistoryFile.Read(folder[name]));
    }

    /// <summary>
    /// No command parses a package's ONNX files with a native library: they are compared by hash, and made anew from the weights.
    /// </summary>
    [Theory]
    [InlineData("predict", PackageFiles.Onnx)]
    [InlineData("export", PackageFiles.Onnx)]
    [InlineData("export", PackageFiles.OnnxWithPreprocessing)]
    [InlineData("evaluate", PackageFiles.OnnxWithPreprocessing)]
    [InlineData("publish", PackageFiles.Onnx)]
    public void Command_HostileOnnx_IsRefusedBeforeItIsParsed(string command, string file)
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        // A message that claims four gigabytes.
        File.WriteAllBytes(Path.Combine(package, file), [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x0A]);

        string[] args = command switch
        {
            "predict" => [command, package, Fixture.Path("Imaging", "ink-on-paper.png")],
            "publish" => [command, package, "somebody/digits", "--dry-run"],
            _ => [command, package, "--data", tiny.Data],
        };
        CliRun.Of(args).AssertRefused(4, file, "SHA-256");
    }

    [Fact]
    public void Export_ForgedOnnxThatTheLockKnows_IsReplacedUnparsed()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        byte[] sound = File.ReadAllBytes(Path.Combine(package, PackageFiles.Onnx));
        byte[] hostile = [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x0A];
        File.WriteAllBytes(Path.Combine(package, PackageFiles.Onnx), hostile);
        string lockFile = Path.Combine(package, PackageFiles.Lock);
        var packageLock = PackageLock.Read(lockFile);
        (packageLock with
        {
            Files = new Dictionary<string, string>(packageLock.Files)
            {
                [PackageFiles.Onnx] = Convert.ToHexStringLower(SHA256.HashData(hostile)),
            },
        }).Write(lockFile);

        Assert.Equal(0, CliRun.Of("export", package, "--data", tiny.Data).ExitCode);

        Assert.Equal(sound, File.ReadAllBytes(Path.Combine(package, PackageFiles.Onnx)));
    }

    private static void ForAllDamages(string file, string seed, int count, Action use, string? or = null)
    {
        byte[] sound = File.ReadAllBytes(file);
        Damage.ForAll(seed, count, damage =>
        {
            File.WriteAllBytes(file, damage(sound));
            long before = GC.GetAllocatedBytesForCurrentThread();

            Exception? exception = Record.Exception(use);

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
            Assert.True(
                exception is null
                || (exception is ModelFormatException fault
                    && (fault.Path.StartsWith(file, StringComparison.Ordinal)
                        || (or is not null && fault.Path.StartsWith(or, StringComparison.Ordinal)))),
            $"{exception}");
        });
    }

    private static byte[] Changed(byte[] sound, (int At, byte Value)[] changes)
    {
        byte[] bytes = [.. sound];
        foreach ((int at, byte value) in changes)
        {
            bytes[At(sound, at)] = value;
        }

        return bytes;
    }

    /// <summary>A place in the file, half of them in its first thousand bytes, where headers are.</summary>
    private static int At(byte[] sound, int place) =>
        (int)(place % 2 == 0 ? place / 2 % Math.Min(sound.Length, 1000) : (long)place * sound.Length / 1_000_000);
}
