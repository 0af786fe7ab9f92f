using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Inkling.Hub;

/// <summary>The two names that the Hub has for a content.</summary>
/// <param name="Sha256">Of the bytes; names large files.</param>
/// <param name="GitBlob">SHA-1 of <c>blob LENGTH\0</c> and the bytes, as git names them; names small files.</param>
internal sealed record FileHashes(string Sha256, string GitBlob)
{
    /// <summary>Reads a file once for both.</summary>
    internal static FileHashes Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var git = CreateGitHash(file.Length);
        byte[] block = new byte[1 << 16];
        for (int read; (read = file.Read(block)) > 0;)
        {
            sha256.AppendData(block, 0, read);
            git.AppendData(block, 0, read);
        }

        return new FileHashes(Hex(sha256), Hex(git));
    }

    private static IncrementalHash CreateGitHash(long length)
    {
#pragma warning disable CA5350 // git's own hash; nothing else is asked of it.
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {length}\0")));
        return hash;
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
