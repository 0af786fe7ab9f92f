using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Packages;
using Inkling.Publishing.Card;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Documentation.Generation;

/// <summary>What the repository holds of measured things.</summary>
internal sealed class Artefacts
{
    internal Artefacts(string root)
    {
        Root = root;
        Package = Path.Combine(root, "models/default");
        Card = CardFacts.Read(Package, name: null);
        Quality = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "docs/mnist-quality.json")))!;
        History = [.. File.ReadLines(Path.Combine(Package, PackageFiles.History)).Select(line => JsonNode.Parse(line)!)];
        Recipes = [.. Recipe.BuiltIn.Select(Recipe.Load)];
        Mnist = Datasets.Load("mnist");
    }

    internal string Root { get; }

    /// <summary>Folder of the model that ships.</summary>
    internal string Package { get; }

    /// <summary>Its lock, configuration and metrics.</summary>
    internal CardFacts Card { get; }

    /// <summary>Its epochs, in order.</summary>
    internal IReadOnlyList<JsonNode> History { get; }

    /// <summary><c>quality.json</c> of MNIST.</summary>
    internal JsonNode Quality { get; }

    /// <summary>The recipes that ship.</summary>
    internal IReadOnlyList<Recipe> Recipes { get; }

    internal ImageDataset Mnist { get; }

    /// <summary>The images that a split of <c>quality.json</c> means.</summary>
    internal ImageSet Split(string name) => name == "test" ? Mnist.Test!.Open() : Mnist.Train;

    /// <summary>One check of <c>quality.json</c>.</summary>
    internal JsonNode Check(string id, string split) =>
        Quality["checks"]!.AsArray().Single(check => (string)check!["id"]! == id && (string)check["split"]! == split)!;
}
