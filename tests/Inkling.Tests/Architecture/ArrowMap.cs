using Inkling.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inkling.Tests.Architecture;

/// <summary>
/// Who uses whom in <c>src</c>. A use is a name that means a type or a member of a type, however it is spelled, and <c>var</c> or
/// <c>new()</c> for one that isn't spelled. Documentation and <c>using</c> lines use nothing.
/// </summary>
public sealed class ArrowMap
{
    /// <summary>The namespace of top-level statements, which have none.</summary>
    internal const string NoNamespace = "(none)";

    private const string EngineNamespace = "Inkling.Engine";

    private readonly CSharpCompilation _compilation = SourceCompilation.Create();
    private readonly DeclaredNames _names;

    public ArrowMap()
    {
        _names = new DeclaredNames(_compilation);
        HashSet<string> files = [.. SourceCompilation.Files];
        FileArrows[] read = [.. _compilation.SyntaxTrees.Where(tree => files.Contains(tree.FilePath)).AsParallel().AsOrdered()
            .Select(tree => Read(_compilation, tree))];
        Arrows = [.. read.SelectMany(file => file.Arrows)];
        Unresolved = [.. read.SelectMany(file => file.Unresolved)];
        Namespaces = [.. Arrows.SelectMany(arrow => new[] { arrow.FromNamespace, arrow.ToNamespace }).Distinct()
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Every use of one type by another, once a line.</summary>
    internal IReadOnlyList<Arrow> Arrows { get; }

    /// <summary>Places of names declared in <c>src</c> that mean nothing to the compiler: behind them an arrow could hide.</summary>
    internal IReadOnlyList<string> Unresolved { get; }

    internal IReadOnlyList<string> Namespaces { get; }

    /// <summary>What a file would add if it were part of <c>src</c>.</summary>
    /// <param name="text">The file.</param>
    /// <param name="path">Where it would be.</param>
    internal FileArrows With(string text, string path = "src/Planted.cs")
    {
        SyntaxTree tree = SourceCompilation.Parse(text, Repository.Path(path));
        return Read(_compilation.AddSyntaxTrees(tree), tree);
    }

    private FileArrows Read(Compilation compilation, SyntaxTree tree)
    {
        SemanticModel model = compilation.GetSemanticModel(tree);
        var arrows = new HashSet<Arrow>();
        var unresolved = new List<string>();
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes(node => node is not UsingDirectiveSyntax).Where(CanBeUse))
        {
            if (SymbolOf(model, node) is not { } symbol)
            {
                unresolved.Add($"{PlaceOf(node)}: {node}");
            }
            else if (ArrowTo(symbol, model, node) is { } arrow)
            {
                arrows.Add(arrow);
            }
        }

        return new FileArrows([.. arrows], unresolved);
    }

    private bool CanBeUse(SyntaxNode node) =>
        node is ImplicitObjectCreationExpressionSyntax || (node is SimpleNameSyntax name && _names.Contains(name.Identifier.ValueText));

    /// <summary>What a name means; of overloads that nothing chooses from, as in <c>nameof</c>, the first.</summary>
    private static ISymbol? SymbolOf(SemanticModel model, SyntaxNode node) =>
        model.GetSymbolInfo(node).Symbol ?? model.GetMemberGroup(node).FirstOrDefault();

    private static Arrow? ArrowTo(ISymbol symbol, SemanticModel model, SyntaxNode node)
    {
        INamedTypeSymbol? used = Outermost(symbol as INamedTypeSymbol ?? symbol.ContainingType);
        if (used is null || !used.Locations.Any(location => location.IsInSource))
        {
            return null;
        }

        INamedTypeSymbol? user = Outermost(TypeAround(model, node));
        return user is null || SymbolEqualityComparer.Default.Equals(user, used)
            ? null
            : new Arrow(NamespaceOf(user), user.Name, NamespaceOf(used), used.Name, PlaceOf(node));
    }

    /// <summary>The type whose declaration, from its attributes on, holds the node; without one, that of top-level statements.</summary>
    private static INamedTypeSymbol? TypeAround(SemanticModel model, SyntaxNode node)
    {
        SyntaxNode? declaration = node.Ancestors()
            .FirstOrDefault(parent => parent is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);
        return declaration is null
            ? model.GetEnclosingSymbol(node.SpanStart)?.ContainingType
            : model.GetDeclaredSymbol(declaration) as INamedTypeSymbol;
    }

    private static INamedTypeSymbol? Outermost(INamedTypeSymbol? type)
    {
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }

        return type?.OriginalDefinition;
    }

    private static string NamespaceOf(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString() switch
    {
        _ when type.ContainingNamespace.IsGlobalNamespace => NoNamespace,
        EngineNamespace => string.Join('.', FoldersOf(type).Prepend(EngineNamespace)),
        var name => name,
    };

    /// <summary>The folders of the engine that a type's file lies in: its users name one namespace, its builders keep rooms.</summary>
    private static string[] FoldersOf(INamedTypeSymbol type)
    {
        string file = type.Locations.Select(location => location.SourceTree?.FilePath).First(path => Path.IsPathRooted(path))!;
        return Path.GetRelativePath(Repository.Path($"src/{EngineNamespace}"), file).Split(Path.DirectorySeparatorChar)[..^1];
    }

    private static string PlaceOf(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return $"{Path.GetRelativePath(Repository.Root, span.Path)}:{span.StartLinePosition.Line + 1}";
    }
}
