using Inkling.Publishing.Files;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging;

/// <summary>
/// Packages as earlier versions wrote them, one of each schema: they are read, predict and verify as on their first day (docs/versions.md).
/// </summary>
public sealed class EarlierPackagesTests
{
    /// <summary>Trained by commit 4b48c6b.</summary>
    private static readonly string First = Fixture.Path("Packages", "schema-1");

    [Fact]
    public void Predict_PackageOfSchema1_AnswersAsThen()
    {
        using ImageClassifier classifier = ImageClassifier.Load(First);

        Prediction prediction = classifier.Predict(Path.Combine(First, "samples/1.png"));

        Assert.Equal("7", prediction.Label);
        Assert.Equal(0.99999326f, prediction.Probability!.Value, 1e-6f);
    }

    [Fact]
    public void Verify_PackageOfSchema1_GivesTheSameBytes()
    {
        Assert.Equal("4b48c6bcf100e0f00c39c67cb56563fabe1828e5", PackageLock.Read(Path.Combine(First, "inkling.lock.json")).Product.Commit);

        CliRun run = CliRun.Of("verify", First, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("bytes", (string?)run.Json["grade"]);
    }
}
