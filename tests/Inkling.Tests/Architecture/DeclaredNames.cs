using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inkling.Tests.Architecture;

/// <summary>
/// The only names that can mean something of <c>src</c>: those declared there, and <c>var</c>. To look no other up is what makes the
/// map quick.
/// </summary>
internal sealed class DeclaredNames
{
    private const string AttributeSuffix = "Attribute";

    private readonly HashSet<string> _names = ["var"];

    internal DeclaredNames(Compilation compilation)
    {
        AddTypesOf(compilation.Assembly.GlobalNamespace);
        var usings = compilation.SyntaxTrees.SelectMany(tree => ((CompilationUnitSyntax)tree.GetRoot()).Usings);
        _names.UnionWith(usings.Select(directive => directive.Alias?.Name.Identifier.ValueText ?? ""));
    }

    internal bool Contains(string name) => _names.Contains(name);

    private void AddTypesOf(INamespaceOrTypeSymbol parent)
    {
        foreach (INamedTypeSymbol type in parent.GetTypeMembers())
        {
            _names.Add(type.Name);
            _names.Add(type.Name.EndsWith(AttributeSuffix, StringComparison.Ordinal) ? type.Name[..^AttributeSuffix.Length] : type.Name);
            _names.UnionWith(type.MemberNames);
            AddTypesOf(type);
        }

        if (parent is INamespaceSymbol space)
        {
            foreach (INamespaceSymbol child in space.GetNamespaceMembers())
            {
                AddTypesOf(child);
            }
        }
    }
}
