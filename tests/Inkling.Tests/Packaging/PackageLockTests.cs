using System.Text;
using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Tests.Support;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Packaging;

public class PackageLockTests
{
    [Fact]
    public void Write_ThenRead_GivesSameLock()
    {
        using var folder = new TemporaryFolder();
        Example().Write(folder["lock"]);

        PackageLock.Read(folder["lock"]).Write(folder["again"]);

        Assert.Equal(File.ReadAllText(folder["lock"]), File.ReadAllText(folder["again"]));
    }

    [Fact]
    public void Read_Lock_GivesEveryValue()
    {
        using var folder = new TemporaryFolder();
        Example().Write(folder["lock"]);

        PackageLock read = PackageLock.Read(folder["lock"]);

        Assert.Equal(3, read.Contract);
        Assert.Equal(new LockedProduct("Inkling", "0.1.0", "abc"), read.Product);
        Assert.Equal("quick", read.Recipe.Name);
        Assert.Equal(ulong.MaxValue, read.Seed);
        Assert.Equal(Hash('1'), read.Data.Files["a.gz"]);
        Assert.Equal(new LockedFingerprints(Hash('2'), Hash('3')), read.Data.Fingerprints);
        Assert.Equal(["zero", "one"], read.Data.Classes);
        Assert.Equal(new LockedSplit(55000, 5000, Hash('4')), read.Split);
        Assert.Equal([0.1307], read.Normalization.Mean);
        Assert.Equal([0.3081], read.Normalization.StandardDeviation);
        Assert.Equal(Hash('5'), read.Weights.Initial);
        Assert.Equal([Hash('6'), Hash('7')], read.Weights.Epochs);
        Assert.Equal(Hash('8'), read.Files[PackageFiles.Weights]);
        Assert.Equal(1, read.TestOpenings);
        Assert.Equal(new LockedMachine(2, "x64", 512, "linux"), read.Machine);
    }

    [Fact]
    public void Parse_NewerSchema_SaysSoAndNothingElse()
    {
        ModelFormatException exception = Refused("""{"schema": 2, "colour": "red"}""");

        Assert.Equal("$.schema (line 1): this version of Inkling reads schema 1; found 2, which needs a newer version", exception.Actual);
    }

    [Theory]
    [InlineData("[]", "expected an object")]
    [InlineData("{}", "missing key \"schema\"")]
    [InlineData("{\"schema\": 0}", "$.schema")]
    [InlineData("{\"schema\": 1}", "missing key \"weights\"")]
    [InlineData("{\"schema\": 1, \"schema\": 1}", "each key once")]
    [InlineData("not json", "valid JSON")]
    [InlineData("", "valid JSON")]
    public void Parse_NotALock_Throws(string text, string reason) =>
        Assert.Contains(reason, Refused(text).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_SeveralFaults_TellsAll()
    {
        JsonObject json = LockJson.Lock.Write(Example());
        json["more"] = 1;
        json["seed"] = -1;
        json["files"]!["../../etc/passwd"] = Hash('0');
        json["weights"]!["initial"] = "ABC";
        json["recipe"]!["epochs"] = 0;

        string message = Refused(CanonicalJson.Write(json)).Message;

        Assert.Contains("$.more (line ", message, StringComparison.Ordinal);
        Assert.Contains("$.seed (line ", message, StringComparison.Ordinal);
        Assert.Contains("found ../../etc/passwd", message, StringComparison.Ordinal);
        Assert.Contains("$.weights.initial (line ", message, StringComparison.Ordinal);
        Assert.Contains("$.recipe.epochs (line ", message, StringComparison.Ordinal);
    }

    // What a preset stands for may change from version to version; a lock may not.
    [Fact]
    public void Parse_PresetInsteadOfItsValues_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Example().Write(folder["lock"]);
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder["lock"]))!;
        json["recipe"]!["augmentation"] = "digits";

        ModelFormatException exception = Refused(json.ToJsonString());

        Assert.Contains("$.recipe.augmentation (line 1): expected an object; found \"digits\"", exception.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Current_ThisMachine_CanBeWrittenAndRead()
    {
        PackageLock package = Example() with { Machine = LockedMachine.Current };

        PackageLock read = PackageLock.Parse(Encoding.UTF8.GetBytes(CanonicalJson.Write(LockJson.Lock.Write(package))), "lock");

        Assert.Equal(LockedMachine.Current, read.Machine);
    }

    internal static PackageLock Example() => new(
        Contract: 3,
        new LockedProduct("Inkling", "0.1.0", "abc"),
        Recipe.Load("quick"),
        Seed: ulong.MaxValue,
        new LockedData(
            "mnist",
            new Dictionary<string, string> { ["a.gz"] = Hash('1') },
            new LockedFingerprints(Hash('2'), Hash('3')),
            ["zero", "one"],
            new LockedExclusions(7, Hash('9'))),
        new LockedSplit(55000, 5000, Hash('4')),
        new LockedNormalization([0.1307], [0.3081]),
        new LockedWeights(Hash('5'), 1716, [Hash('6'), Hash('7')]),
        new Dictionary<string, string> { [PackageFiles.Weights] = Hash('8') },
        TestOpenings: 1,
        new LockedMachine(2, "x64", 512, "linux"));

    private static string Hash(char digit) => new(digit, 64);

    private static ModelFormatException Refused(string text) =>
        Assert.Throws<ModelFormatException>(() => PackageLock.Parse(Encoding.UTF8.GetBytes(text), "inkling.lock.json"));
}
