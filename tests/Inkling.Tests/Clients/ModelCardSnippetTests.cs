using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Inkling.Packages;
using Inkling.Tests.Support;

namespace Inkling.Tests.Clients;

/// <summary>The snippets of a model card, as they stand in it, run beside the package that they are about.</summary>
public sealed partial class ModelCardSnippetTests(ResNetModel model)
{
    /// <summary>What the model says about the picture of the snippets.</summary>
    private string Answer => JsonNode.Parse(File.ReadAllText(Path.Combine(model.Package, PackageFiles.Metrics)))!
        ["samples"]!["samples/1.png"]!["top"]![0]!["label"]!.GetValue<string>();

    [Fact]
    public void CSharp_OfTheCard_NamesTheClass() =>
        Assert.Equal(Answer + "\n", CSharpProgram.Run(Assert.Single(Snippets("csharp")), model.Models));

    [Fact]
    public void JavaScript_OfTheCard_NamesTheClass()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["snippet.mjs"], Assert.Single(Snippets("js")));
        Directory.CreateSymbolicLink(folder["node_modules"], Repository.Path("tests/node/node_modules"));

        Assert.Equal(Answer + "\n", NodeProgram.RunIn(model.Models, model.Models, folder["snippet.mjs"]));
    }

    [Fact]
    public void Browser_OfTheCard_NamesTheClass()
    {
        const string Chromium = "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is not installed");
        NodeProgram.SkipWithoutPackages();
        using var folder = new TemporaryFolder();
        string snippet = Assert.Single(Snippets("html"));
        File.WriteAllText(folder["snippet.html"], snippet);

        // The version that the page asks for is the one that answers here.
        string version = JsonNode.Parse(File.ReadAllText(Repository.Path("tests/node/package.json")))!["dependencies"]!["@huggingface/transformers"]!.GetValue<string>();
        Assert.Contains($"@huggingface/transformers@{version}'", snippet, StringComparison.Ordinal);
        ChildResult result = ChildProcess.Run(
            "node",
            [Repository.Path("tests/official-clients/snippet.mjs"), folder["snippet.html"], Chromium, model.Package, Path.Combine(
                model.Package, "samples/1.png")]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(Answer + "\n", result.Output);
    }

    [Fact]
    public void PythonWithOnnxRuntime_OfTheCard_NamesTheClass()
    {
        NodeProgram.SkipWithoutPackages();
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["snippet.py"], Assert.Single(Snippets("python"), snippet => snippet.Contains("onnxruntime", StringComparison.Ordinal)));

        string output = PythonProgram.Run(
            ["numpy", "PIL"],
            folder["snippet.py"],
            [],
            model.Models,
            new Dictionary<string, string>
            {
                ["PYTHONPATH"] = Repository.Path("tests/python/standins"),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
                ["NODE_TESTS"] = Repository.Path("tests/node"),
            });

        Assert.Equal(Answer + "\n", output);
    }

    /// <summary>transformers for Python isn't among Debian's packages, so this one is only parsed.</summary>
    [Fact]
    public void PythonWithTransformers_OfTheCard_IsPython()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["parse.py"], "import ast, sys\nast.parse(open(sys.argv[1]).read())\n");
        File.WriteAllText(
            folder["snippet.py"], Assert.Single(Snippets("python"), snippet => snippet.Contains("transformers", StringComparison.Ordinal)));

        PythonProgram.Run(["ast"], folder["parse.py"], [folder["snippet.py"]]);
    }

    private IEnumerable<string> Snippets(string language) =>
        Fence().Matches(File.ReadAllText(Path.Combine(model.Package, PackageFiles.Card)))
            .Where(match => match.Groups["language"].Value == language)
            .Select(match => match.Groups["code"].Value);

    [GeneratedRegex("^```(?<language>\\w+)\\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
