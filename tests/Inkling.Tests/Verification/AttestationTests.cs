using System.Text;
using System.Text.Json.Nodes;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Verification;

public sealed class AttestationTests(TinyModel tiny)
{
    // Written after the DSSE specification, for Node's crypto: "DSSEv1", lengths and content; ECDSA with SHA-256 over it.
    private const string NodeVerifier = """
        const { createVerify, createPublicKey, createHash } = require('crypto');
        const e = JSON.parse(require('fs').readFileSync(process.argv[1]));
        const body = Buffer.from(e.payload, 'base64');
        const s = e.signatures[0];
        const key = createPublicKey(s.public_key);
        const id = createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex');
        const v = createVerify('sha256');
        v.update(`DSSEv1 ${e.payloadType.length} ${e.payloadType} ${body.length} `);
        v.update(body);
        console.log(id === s.keyid && v.verify(key, Buffer.from(s.sig, 'base64')), e.payloadType);
        """;

    [Fact]
    public void Attest_PackageAsTrained_WritesAStatementThatOthersCanCheck()
    {
        using var copy = new SpoiledPackage(tiny);
        using var keys = new TemporaryFolder();

        string file = Attest(copy, keys["key.pem"]);

        ChildResult node = ChildProcess.Run("node", ["-e", NodeVerifier, file]);
        Assert.Equal("true application/vnd.in-toto+json", node.Output.Trim());
        JsonNode statement = Statement(file);
        Assert.Equal("https://in-toto.io/Statement/v1", statement["_type"]!.GetValue<string>());
        JsonNode files = JsonNode.Parse(File.ReadAllText(copy["inkling.lock.json"]))!["files"]!;
        Assert.Equal(files.AsObject().Count, statement["subject"]!.AsArray().Count);
        Assert.All(
            statement["subject"]!.AsArray(),
            subject => Assert.Equal(
                files[subject!["name"]!.GetValue<string>()]!.GetValue<string>(), subject["digest"]!["sha256"]!.GetValue<string>()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys["key.pem"]));
        }
    }

    [Fact]
    public void Verify_CountsAttestationsByKey()
    {
        using var copy = new SpoiledPackage(tiny);
        using var keys = new TemporaryFolder();
        Attest(copy, keys["a.pem"]);
        Attest(copy, keys["a.pem"]);
        Attest(copy, keys["b.pem"]);

        CliRun run = Verify(copy);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Json["attestations"]!.AsArray().Count);
        Assert.All(run.Json["attestations"]!.AsArray(), attestation => Assert.True(attestation!["valid"]!.GetValue<bool>()));
    }

    [Fact]
    public void Verify_ChangedAttestations_DoNotHold()
    {
        using var copy = new SpoiledPackage(tiny);
        using var keys = new TemporaryFolder();
        string file = Attest(copy, keys["key.pem"]);
        string folder = Path.GetDirectoryName(file)!;
        JsonObject envelope = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        File.Delete(file);
        string payload = Encoding.UTF8.GetString(Convert.FromBase64String(envelope["payload"]!.GetValue<string>()));

        Spoil(folder, envelope, "1-words", e => e["payload"] = Convert.ToBase64String(
            Encoding.UTF8.GetBytes(payload.Replace("\"processors\"", "\"Processors\"", StringComparison.Ordinal))));
        Spoil(folder, envelope, "2-signature", e => e["signatures"]![0]!["sig"] = Convert.ToBase64String(new byte[70]));
        Spoil(folder, envelope, "3-key", e => e["signatures"]![0]!["keyid"] = new string('0', 64));
        Spoil(folder, envelope, "4-nothing", e => e.Clear());
        File.WriteAllText(Path.Combine(folder, "5-text.json"), "not JSON");

        CliRun run = Verify(copy);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(5, run.Json["attestations"]!.AsArray().Count);
        Assert.All(run.Json["attestations"]!.AsArray(), attestation => Assert.False(attestation!["valid"]!.GetValue<bool>()));
    }

    [Fact]
    public void Verify_AttestationOfAnotherModel_DoesNotHold()
    {
        using var copy = new SpoiledPackage(tiny);
        using var other = new TemporaryFolder();
        using var keys = new TemporaryFolder();
        string file = Attest(copy, keys["key.pem"]);
        Assert.Equal(
            0, CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--max-steps", "2", "--out", other["p"]).ExitCode);
        Directory.CreateDirectory(other["p/attestations"]);
        File.Copy(file, other["p/attestations/" + Path.GetFileName(file)]);

        CliRun run = CliRun.Of("verify", other["p"], "--data", tiny.Data, "--json");

        Assert.Contains("another", run.Json["attestations"]![0]!["fault"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Attest_PackageThatDiffers_SignsNothing()
    {
        using var spoiled = new SpoiledPackage(tiny);
        using var keys = new TemporaryFolder();
        spoiled.EditWeights(bytes => bytes[^4] ^= 1);

        CliRun run = CliRun.Of("attest", spoiled.Path, "--data", tiny.Data, "--key", keys["key.pem"]);

        Assert.Equal(1, run.ExitCode);
        Assert.False(Directory.Exists(spoiled["attestations"]));
    }

    [Fact]
    public void Attest_NoKeyInFile_IsRefused()
    {
        using var keys = new TemporaryFolder();
        File.WriteAllText(keys["key.pem"], "hello");

        CliRun.Of("attest", tiny.Package, "--data", tiny.Data, "--key", keys["key.pem"]).AssertRefused(4, "key.pem", "private key");
    }

    private string Attest(SpoiledPackage package, string key)
    {
        CliRun run = CliRun.Of("attest", package.Path, "--data", tiny.Data, "--key", key, "--json");
        Assert.Equal(0, run.ExitCode);
        return run.Json["file"]!.GetValue<string>();
    }

    private CliRun Verify(SpoiledPackage package) => CliRun.Of("verify", package.Path, "--data", tiny.Data, "--epochs", "1", "--json");

    private static JsonNode Statement(string file) =>
        JsonNode.Parse(Convert.FromBase64String(JsonNode.Parse(File.ReadAllText(file))!["payload"]!.GetValue<string>()))!;

    private static void Spoil(string folder, JsonObject envelope, string name, Action<JsonObject> edit)
    {
        JsonObject copy = envelope.DeepClone().AsObject();
        edit(copy);
        File.WriteAllText(Path.Combine(folder, name + ".json"), copy.ToJsonString());
    }
}
