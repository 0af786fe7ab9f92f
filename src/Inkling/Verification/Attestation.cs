using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Serialization;

namespace Inkling.Verification;

/// <summary>
/// A signed statement: with this machine and this version I have rebuilt this package and got the same bytes.
/// </summary>
/// <remarks>
/// An in-toto statement (in-toto.io/Statement/v1) in a DSSE envelope, whose signature also carries the public key.
/// Format and limits: docs/verification.md#attestations.
/// </remarks>
public static class Attestation
{
    internal const string StatementType = "https://in-toto.io/Statement/v1";
    internal const string PredicateType = "urn:inkling:attestation:rebuild:v1";
    internal const string PayloadType = "application/vnd.in-toto+json";

    private const int IdLength = 16;

    /// <summary>Writes the statement into the package, in place of an earlier one by the same key.</summary>
    /// <param name="path">The package folder.</param>
    /// <param name="result">A whole rebuild that gave the same bytes.</param>
    /// <param name="key">Who says so.</param>
    /// <param name="time">When.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The rebuild was not whole, or gave other bytes.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static string Write(string path, VerificationResult result, AttestationKey key, TimeProvider time)
    {
        if (result is not { Grade: VerificationGrade.Bytes, IsComplete: true })
        {
            throw new ArgumentException("attest: only a whole rebuild that gave the same bytes can be attested.", nameof(result));
        }

        byte[] payload = Encoding.UTF8.GetBytes(CanonicalJson.WriteLine(Statement(result, time)));
        var envelope = new JsonObject
        {
            ["payloadType"] = PayloadType,
            ["payload"] = Convert.ToBase64String(payload),
            ["signatures"] = new JsonArray(new JsonObject
            {
                ["keyid"] = key.Id,
                ["public_key"] = key.PublicKey,
                ["sig"] = Convert.ToBase64String(key.Sign(PreAuthenticationEncoding(PayloadType, payload))),
            }),
        };
        string folder = Path.Combine(path, PackageFiles.Attestations);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{key.Id[..IdLength]}.json");
        AtomicFile.Write(file, CanonicalJson.Write(envelope));
        return file;
    }

    /// <summary>DSSE's encoding of what is signed: "DSSEv1", then length and bytes of the type and of the payload.</summary>
    /// <remarks>Source: secure-systems-lab/dsse, protocol.md.</remarks>
    internal static byte[] PreAuthenticationEncoding(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} "), .. payload];

    private static JsonObject Statement(VerificationResult result, TimeProvider time) => new()
    {
        ["_type"] = StatementType,
        ["subject"] = new JsonArray([.. result.Lock.Files.Select(file => (JsonNode)new JsonObject
        {
            ["name"] = file.Key,
            ["digest"] = new JsonObject { ["sha256"] = file.Value },
        })]),
        ["predicateType"] = PredicateType,
        ["predicate"] = new JsonObject
        {
            ["grade"] = "bytes",
            ["epochs"] = result.Epochs,
            ["steps"] = result.Lock.Weights.Steps,
            ["contract"] = NumericContract.Number,
            ["product"] = Product(),
            ["machine"] = Machine(),
            ["finished"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        },
    };

    private static JsonObject Product()
    {
        JsonObject product = LockJson.Product.Write(new LockedProduct("Inkling", ProductVersion.Number, ProductVersion.Commit));
        product["runtime"] = RuntimeInformation.FrameworkDescription;
        return product;
    }

    private static JsonObject Machine()
    {
        JsonObject machine = LockJson.Machine.Write(LockedMachine.Current with { OperatingSystem = RuntimeInformation.OSDescription });
        machine["cpu"] = CpuName();
        return machine;
    }

    // Only Linux tells it in a file; elsewhere the architecture has to do.
    private static string CpuName()
    {
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown";
    }
}
