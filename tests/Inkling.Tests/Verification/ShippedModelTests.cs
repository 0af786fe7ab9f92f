using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Verification;

/// <summary>
/// The model that ships is what this source makes of its lock: a change of bits needs a new contract number and a new model.
/// Continuous integration also rebuilds all of it (<c>.ci/run</c>).
/// </summary>
public sealed class ShippedModelTests
{
    [Fact]
    public void Verify_FirstEpochOfDefault_HasItsBytes()
    {
        CliRun run = CliRun.Of("verify", "default", "--epochs", "1", "--json");

        Assert.Equal("bytes", run.Json["grade"]!.GetValue<string>());
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Predict_Default_ReadsADigit()
    {
        CliRun run = CliRun.Of("predict", "default", Repository.Path("docs/images/seven.png"), "--json");

        Assert.Equal("7", run.Json[0]!["label"]!.GetValue<string>());
    }

    [Fact]
    public void Default_IsTheRecipeOfThatName()
    {
        JsonNode packageLock = JsonNode.Parse(File.ReadAllText(Repository.Path("models/default/inkling.lock.json")))!;
        Recipe recipe = Recipe.Load(Repository.Path("recipes/standard.json"));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(RecipeJson.Write(recipe).ToJsonString()), packageLock["recipe"]), "models/default has another recipe than recipes/standard.json");
        Assert.Equal(NumericContract.Number, packageLock["contract"]!.GetValue<int>());
    }
}
