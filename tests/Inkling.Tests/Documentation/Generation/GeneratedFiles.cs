namespace Inkling.Tests.Documentation.Generation;

/// <summary>
/// The files that are made from artefacts of this repository, README.md among them. A test compares them with what is there.
/// </summary>
internal static class GeneratedFiles
{
    /// <summary>Path in the repository and content of each, in the order of their writing.</summary>
    internal static IEnumerable<(string Path, string Text)> Of(string root)
    {
        var artefacts = new Artefacts(root);
        yield return ("docs/images/classes.svg", Pictures.Classes(artefacts));
        yield return ("docs/images/suspects.svg", Pictures.Suspects(artefacts));
        yield return ("docs/images/learning.svg", Pictures.Learning(artefacts));
        yield return ("docs/images/confusion.svg", Pictures.Confusion(artefacts));
        if (Pictures.Reliability(artefacts) is { } reliability)
        {
            yield return ("docs/images/reliability.svg", reliability);
        }

        yield return ("docs/images/mistakes.svg", Pictures.Mistakes(artefacts));
        yield return ("README.md", MarkedBlocks.Fill(File.ReadAllText(Path.Combine(root, "README.md")), Blocks.Of(artefacts)));
    }
}
