using Inkling.Engine.Generators;
using Inkling.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Inkling.Tests.Architecture;

/// <summary>
/// All projects of <c>src</c> as one compilation, so that a name means what it means to the compiler. The generator, which runs
/// inside the compiler, is no part of it.
/// </summary>
internal static class SourceCompilation
{
    /// <summary>As the SDK's <c>ImplicitUsings</c>.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp14);

    /// <summary>The files of <c>src</c> that people write.</summary>
    internal static IEnumerable<string> Files => Directory
        .EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("Inkling.Engine.Generators", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    internal static CSharpCompilation Create()
    {
        var trees = Files.Concat(ProtobufClasses()).AsParallel().AsOrdered()
            .Select(file => Parse(File.ReadAllText(file), file))
            .Append(Parse(ImplicitUsings, ""));
        var options = new CSharpCompilationOptions(
            OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        CSharpCompilation compilation = CSharpCompilation.Create("Inkling.Source", trees, References(), options);
        CSharpGeneratorDriver
            .Create([new RegisterTileGenerator().AsSourceGenerator()], parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return (CSharpCompilation)generated;
    }

    internal static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, Parsing, path);

    /// <summary>What protoc has made of each .proto file, where the build has put it.</summary>
    private static IEnumerable<string> ProtobufClasses() =>
        from proto in Directory.EnumerateFiles(Repository.Path("src"), "*.proto", SearchOption.AllDirectories)
        let parts = Path.GetRelativePath(Repository.Path("src"), proto).Split(Path.DirectorySeparatorChar)
        let name = Path.GetFileNameWithoutExtension(parts[^1])
        select Path.Combine(
            [Repository.Path("artifacts/obj"), parts[0], "release", .. parts[1..^1], $"{char.ToUpperInvariant(name[0])}{name[1..]}.cs"]);

    /// <summary>What these tests run on: every package of <c>src</c> is among it.</summary>
    private static IEnumerable<MetadataReference> References() =>
        from file in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        where !Path.GetFileName(file).StartsWith("Inkling", StringComparison.Ordinal)
        select MetadataReference.CreateFromFile(file);
}
