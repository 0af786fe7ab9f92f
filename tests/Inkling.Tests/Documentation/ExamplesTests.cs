using System.Text.RegularExpressions;
using Inkling.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Inkling.Tests.Documentation;

/// <summary>Every C# example of the documents compiles as a program of its own.</summary>
public sealed partial class ExamplesTests
{
    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using Inkling; global using Inkling.Data; global using Inkling.Engine.Execution; global using Inkling.Engine.Memory; global using Inkling.Quality;
        """;

    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs/data.md", 2)]
    [InlineData("docs/hub.md", 1)]
    [InlineData("docs/quality.md", 1)]
    public void Example_Compiles(string document, int count)
    {
        string[] examples = [.. CSharpBlock().Matches(File.ReadAllText(Repository.Path(document))).Select(match => match.Groups["code"].Value)];

        Assert.Equal(count, examples.Length);
        Assert.All(examples, example => Assert.Empty(Errors(example)));
    }

    private static IEnumerable<string> Errors(string code)
    {
        IEnumerable<string> assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "example",
            [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(code)],
            assemblies.Select(assembly => MetadataReference.CreateFromFile(assembly)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        return compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString());
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
