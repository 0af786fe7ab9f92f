using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Inkling.StandInHub;

/// <summary>A file of a commit, as git has it: its bytes, or a pointer to a large object.</summary>
public sealed class StoredFile
{
    public StoredFile(byte[] content, bool isLfs)
    {
        Content = content;
        IsLfs = isLfs;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        Pointer = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"version https://git-lfs.github.com/spec/v1\noid sha256:{Sha256}\nsize {content.Length}\n"));
        Oid = GitBlobHash(isLfs ? Pointer : content);
    }

    public byte[] Content { get; }

    public bool IsLfs { get; }

    public string Sha256 { get; }

    /// <summary>What git itself stores of a large file.</summary>
    public byte[] Pointer { get; }

    /// <summary>SHA-1 of the git blob.</summary>
    public string Oid { get; }

    /// <summary>What the Hub sends as the entity tag of the file's content.</summary>
    public string ETag => IsLfs ? Sha256 : Oid;

#pragma warning disable CA5350 // git's own hash.
    internal static string GitBlobHash(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
#pragma warning restore CA5350
}
