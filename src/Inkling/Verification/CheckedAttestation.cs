using System.Security.Cryptography;
using System.Text.Json;
using Inkling.Packages;
using Inkling.Publishing.Files;

namespace Inkling.Verification;

/// <summary>An attestation that lies in a package, and whether it holds.</summary>
/// <param name="File">Its name in <c>attestations/</c>.</param>
/// <param name="KeyId">Who signed: SHA-256 of the public key. Whose key that is, the file can't tell.</param>
/// <param name="Cpu">On what, in the signer's words.</param>
/// <param name="Fault">Why it doesn't hold; null if the signature is right and it speaks of these files.</param>
public sealed record CheckedAttestation(string File, string KeyId, string Cpu, string? Fault)
{
    private const int MaxFiles = 1000;
    private const int MaxBytes = 1 << 20;
    private const string Unknown = "unknown";

    /// <summary>Checks all attestations of a package.</summary>
    internal static IReadOnlyList<CheckedAttestation> ReadAll(string path, PackageLock package)
    {
        string folder = Path.Combine(path, PackageFiles.Attestations);
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Take(MaxFiles).Select(
                file => Check(file, package))];
    }

    private static CheckedAttestation Check(string path, PackageLock package)
    {
        string name = Path.GetFileName(path);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                return new CheckedAttestation(name, Unknown, Unknown, $"larger than {MaxBytes} bytes");
            }

            using JsonDocument envelope = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
            return Check(name, envelope.RootElement, package);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or ArgumentException or CryptographicException or IOException)
        {
            return new CheckedAttestation(name, Unknown, Unknown, $"not an attestation: {e.Message}");
        }
    }

    private static CheckedAttestation Check(string name, JsonElement envelope, PackageLock package)
    {
        string type = envelope.GetProperty("payloadType").GetString()!;
        byte[] payload = envelope.GetProperty("payload").GetBytesFromBase64();
        JsonElement signature = envelope.GetProperty("signatures")[0];
        using var key = ECDsa.Create();
        key.ImportFromPem(signature.GetProperty("public_key").GetString());
        string id = AttestationKey.IdOf(key);
        if (signature.GetProperty("keyid").GetString() != id
            || type != Attestation.PayloadType
            || !key.VerifyData(
                Attestation.PreAuthenticationEncoding(type, payload),
                signature.GetProperty("sig").GetBytesFromBase64(),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence))
        {
            return new CheckedAttestation(name, id, Unknown, "the signature is not of this content");
        }

        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement statement = document.RootElement;
        JsonElement predicate = statement.GetProperty("predicate");
        string cpu = predicate.GetProperty("machine").GetProperty("cpu").GetString()!;
        if (statement.GetProperty("_type").GetString() != Attestation.StatementType
            || statement.GetProperty("predicateType").GetString() != Attestation.PredicateType
            || predicate.GetProperty("grade").GetString() != "bytes")
        {
            return new CheckedAttestation(name, id, cpu, "it states something else than a rebuild with the same bytes");
        }

        var subjects = statement.GetProperty("subject").EnumerateArray().ToDictionary(
            subject => subject.GetProperty("name").GetString()!,
            subject => subject.GetProperty("digest").GetProperty("sha256").GetString()!,
            StringComparer.Ordinal);
        string? other = package.Files.FirstOrDefault(file => subjects.GetValueOrDefault(file.Key) != file.Value).Key;
        return new CheckedAttestation(name, id, cpu, other is null ? null : $"it speaks of another {other}");
    }
}
