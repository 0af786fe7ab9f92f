using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Inkling.StandInHub;

/// <summary>One state of a repository.</summary>
public sealed record StoredCommit(string Oid, string? Parent, string Summary, ImmutableSortedDictionary<string, StoredFile> Files);

/// <summary>A model, dataset or Space with its history and its large objects.</summary>
public sealed class StoredRepository
{
    private const string GitAttributes =
        "*.bin filter=lfs diff=lfs merge=lfs -text\n*.gz filter=lfs diff=lfs merge=lfs -text\n"
        + "*.npz filter=lfs diff=lfs merge=lfs -text\n*.onnx filter=lfs diff=lfs merge=lfs -text\n"
        + "*.parquet filter=lfs diff=lfs merge=lfs -text\n"
        + "*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.wasm filter=lfs diff=lfs merge=lfs -text\n";

    private readonly Dictionary<string, StoredCommit> _commits = [];
    private int _pullRequests;

    internal StoredRepository(string type, string id, bool isPrivate, string? sdk)
    {
        (Type, Id, IsPrivate, Sdk) = (type, id, isPrivate, sdk);
        var files = ImmutableSortedDictionary.Create<string, StoredFile>(StringComparer.Ordinal)
            .Add(".gitattributes", new StoredFile(Encoding.UTF8.GetBytes(GitAttributes), isLfs: false));
        if (type == "space")
        {
            files = files.Add("README.md", new StoredFile("---\nsdk: static\n---\n"u8.ToArray(), isLfs: false));
        }

        Branches["main"] = Add(null, "initial commit", files).Oid;
    }

    /// <summary><c>model</c>, <c>dataset</c> or <c>space</c>.</summary>
    public string Type { get; }

    public string Id { get; }

    public bool IsPrivate { get; }

    public string? Sdk { get; }

    /// <summary>Commit of each branch, tag and pull request.</summary>
    public Dictionary<string, string> Branches { get; } = [];

    /// <summary>Large objects that have arrived, by SHA-256.</summary>
    public Dictionary<string, byte[]> Objects { get; } = [];

    public IReadOnlyCollection<StoredCommit> Commits => _commits.Values;

    public StoredCommit Head => Find("main")!;

    /// <summary>A commit by branch, tag or hash; null if there is none.</summary>
    public StoredCommit? Find(string revision) =>
        _commits.GetValueOrDefault(Branches.GetValueOrDefault(revision == "HEAD" ? "main" : revision, revision));

    /// <summary>Puts files onto main as if somebody else had committed them.</summary>
    public StoredCommit CommitBehindTheBack(params (string Path, byte[] Content)[] files)
    {
        KeyValuePair<string, StoredFile>[] added =
            [.. files.Select(file => KeyValuePair.Create(file.Path, new StoredFile(file.Content, IsLfsPath(file.Path))))];
        foreach (StoredFile large in added.Select(file => file.Value).Where(file => file.IsLfs))
        {
            Objects[large.Sha256] = large.Content;
        }

        return Commit("main", Head.Oid, "by somebody else", Head.Files.SetItems(added));
    }

    internal StoredCommit Commit(string branch, string parent, string summary, ImmutableSortedDictionary<string, StoredFile> files)
    {
        StoredCommit commit = Add(parent, summary, files);
        Branches[branch] = commit.Oid;
        return commit;
    }

    internal string OpenPullRequest() => string.Create(CultureInfo.InvariantCulture, $"refs/pr/{++_pullRequests}");

    /// <summary>Whether the patterns of <c>.gitattributes</c> send a path to large file storage.</summary>
    internal static bool IsLfsPath(string path) => GitAttributes.Split('\n').Any(line =>
        line.Split(' ')[0] is ['*', .. string suffix] && suffix.Length > 0 && path.EndsWith(suffix, StringComparison.Ordinal));

#pragma warning disable CA5350 // As long as git's.
    private StoredCommit Add(string? parent, string summary, ImmutableSortedDictionary<string, StoredFile> files)
    {
        string content = string.Create(CultureInfo.InvariantCulture, $"{Type} {Id} {_commits.Count} {parent} {summary} ")
            + string.Join(' ', files.Select(file => file.Key + file.Value.Oid));
        var commit = new StoredCommit(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(content))), parent, summary, files);
        _commits.Add(commit.Oid, commit);
        return commit;
    }
#pragma warning restore CA5350
}
