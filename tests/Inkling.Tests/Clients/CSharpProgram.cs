using Inkling.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Inkling.Tests.Clients;

/// <summary>A C# program of a few lines, compiled against what the tests are built with and run as a process of its own.</summary>
internal static class CSharpProgram
{
    /// <summary>What a new console project imports.</summary>
    private const string ImplicitUsings =
        "global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic;";

    /// <returns>What it printed.</returns>
    internal static string Run(string source, string folder)
    {
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "snippet",
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(ImplicitUsings)],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication));

        // Beside the assemblies that it uses, so that it finds them as any program does.
        string program = Path.Combine(AppContext.BaseDirectory, $"snippet-{Path.GetRandomFileName()}.dll");
        try
        {
            using (FileStream file = File.Create(program))
            {
                Assert.Empty(compilation.Emit(file).Diagnostics.Where(fault => fault.Severity == DiagnosticSeverity.Error));
            }

            string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
            ChildResult result = ChildProcess.Run(
                "dotnet",
                ["exec", "--depsfile", Beside("Inkling.Tests.deps.json"), "--runtimeconfig", Beside("Inkling.Tests.runtimeconfig.json"), program],
                folder);
            Assert.True(result.ExitCode == 0, result.Error);
            return result.Output;
        }
        finally
        {
            File.Delete(program);
        }
    }
}
