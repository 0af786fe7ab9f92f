using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Verification;

/// <summary>A copy of the tiny package, to be changed as somebody would who wants to be believed.</summary>
internal sealed class SpoiledPackage : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal SpoiledPackage(TinyModel tiny) => tiny.CopyTo(Path);

    internal string Path => _folder["p"];

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Changes a JSON file.</summary>
    internal SpoiledPackage Edit(string name, Action<JsonObject> edit)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(this[name]))!.AsObject();
        edit(json);
        File.WriteAllText(this[name], json.ToJsonString());
        return this;
    }

    /// <summary>Changes the lock.</summary>
    internal SpoiledPackage EditLock(Action<JsonObject> edit) => Edit("inkling.lock.json", edit);

    /// <summary>Changes the weights and everything in the package that tells of them.</summary>
    internal SpoiledPackage EditWeights(Action<byte[]> edit)
    {
        byte[] bytes = File.ReadAllBytes(this["model.safetensors"]);
        edit(bytes);
        File.WriteAllBytes(this["model.safetensors"], bytes);
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Edit("metrics.json", json => json["model"]!["sha256"] = hash);
        return EditLock(json =>
        {
            json["files"]!["model.safetensors"] = hash;
            json["weights"]!["epochs"]![3] = hash;
        });
    }

    public void Dispose() => _folder.Dispose();
}
