using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Tests.Cli;

namespace Inkling.Tests.Hub;

/// <summary>What is never published: exit code 4 before a single request.</summary>
public sealed class PublicationFaultsTests(TinyModel tiny)
{
    // Put together here, so that no scanner takes this file for a leak.
    private static readonly string Token = "hf_" + new string('q', 34);

    public static TheoryData<string, Action<string>, string> Spoilers => new()
    {
        { "foreign file", folder => File.WriteAllText(Path.Combine(folder, "notes.txt"), "mine"), "notes.txt: a file that doesn't belong" },
        { "hidden file", folder => File.WriteAllText(Path.Combine(folder, ".env"), "A=1"), ".env: a file that doesn't belong" },
        { "foreign folder", folder => Write(folder, "data/x.bin", "x"), "data/x.bin: a file that doesn't belong" },
        { "no card", folder => File.Delete(Path.Combine(folder, "README.md")), "README.md: missing" },
        { "no front matter", folder => Write(folder, "README.md", "# Digits\nlicense: mit\n"), "no front matter" },
        { "no licence", folder => Write(folder, "README.md", "---\ntags: [mnist]\nlicense:\n---\n"), "no licence" },
        { "secret", folder => Write(folder, "README.md", $"---\nlicense: mit\n---\n{Token}\n"), "README.md: something that looks like a secret" },
        { "private key", folder => Write(folder, "report.html", "-----BEGIN " + "RSA PRIVATE KEY-----"), "report.html: something that looks like a secret" },
        { "path of Unix", folder => Write(folder, "report.html", "<img src=\"/home/ann/x.png\">"), "a path of a machine (/home/ann/x.png)" },
        { "path of Windows", folder => Write(folder, "README.md", "---\nlicense: mit\n---\nC:\\Users\\ann\\x\n"), "a path of a machine (C:\\Users\\ann\\x)" },
        { "no figures", folder => File.Delete(Path.Combine(folder, "metrics.json")), "metrics.json: missing" },
        { "figures of another model", folder => Replace(folder, "metrics.json", "\"sha256\": \"", "\"sha256\": \"0"), "figures of another model.safetensors" },
        { "figures too good", folder => Replace(folder, "metrics.json", "\"accuracy\": 0.", "\"accuracy\": 0.9"), "test.accuracy" },
        { "precision too good", folder => Replace(folder, "metrics.json", "\"precision_macro\": 0.", "\"precision_macro\": 0.9"), "test.precision_macro" },
        { "class too good", folder => Replace(folder, "metrics.json", "\"recall\": ", "\"recall\": 1"), "test.per_class[0].recall" },
        { "interval too narrow", folder => Edit(folder, test => test["accuracy_interval95"] = new JsonArray(0.9, 0.91)), "test.accuracy_interval95[0]" },
        { "matrix of nonsense", folder => Edit(folder, test => test["confusion_matrix"] = new JsonArray(new JsonArray(-1))), "test.confusion_matrix" },
        { "classes of nonsense", folder => Edit(folder, test => test["per_class"] = "none"), "test.per_class" },
        { "model of nonsense", folder => File.WriteAllText(Path.Combine(folder, "metrics.json"), """{"model":3,"test":4}"""), "number of parameters" },
        { "parameters", folder => Replace(folder, "metrics.json", "\"parameters\": ", "\"parameters\": 1"), "number of parameters" },
        { "card too good", folder => Write(folder, "README.md", Card("0.9999")), "accuracy 0.9999 in its front matter" },
        { "F1 too good", folder => Write(folder, "README.md", Card("0.9999").Replace("accuracy", "f1", StringComparison.Ordinal)), "f1 0.9999 in its front matter" },
        { "weights", folder => File.AppendAllText(Path.Combine(folder, "model.safetensors"), "x"), "model.safetensors" },
        { "lock", folder => File.Delete(Path.Combine(folder, "inkling.lock.json")), "inkling.lock.json" },
    };

    [Theory]
    [MemberData(nameof(Spoilers))]
    public async Task Publish_SpoiltPackage_IsRefusedBeforeAnyRequest(string what, Action<string> spoil, string words)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        spoil(scene.Package);

        scene.Run("publish", scene.Package, HubScene.Id).AssertRefused(4, words);

        Assert.True(scene.Hub.Seen.Count == 0, what);
    }

    /// <summary>Whoever changes an export and its hash in the lock deceives those who use ONNX; nothing else would show it.</summary>
    [Theory]
    [InlineData("onnx/model.onnx")]
    [InlineData("onnx/model_with_preprocessing.onnx")]
    public async Task Publish_ExportOfOtherWeights_IsRefused(string name)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string path = Path.Combine(scene.Package, name);
        string packageLock = Path.Combine(scene.Package, PackageFiles.Lock);
        byte[] bytes = File.ReadAllBytes(path);
        string before = Hash(bytes);
        bytes[^200] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.WriteAllText(packageLock, File.ReadAllText(packageLock).Replace(before, Hash(bytes), StringComparison.Ordinal));

        scene.Run("publish", scene.Package, HubScene.Id).AssertRefused(4, $"{name}: not what model.safetensors gives");

        Assert.Empty(scene.Hub.Seen);
    }

    [Fact]
    public async Task Publish_Links_AreRefused()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        File.WriteAllText(scene["outside"], "---\nlicense: mit\n---\n");
        File.Delete(Path.Combine(scene.Package, "README.md"));
        File.CreateSymbolicLink(Path.Combine(scene.Package, "README.md"), scene["outside"]);
        Directory.CreateSymbolicLink(Path.Combine(scene.Package, "folder"), "/");

        scene.Run("publish", scene.Package, HubScene.Id).AssertRefused(4, "README.md: a link", "folder: a link");

        Assert.Empty(scene.Hub.Seen);
    }

    [Fact]
    public async Task Publish_OwnToken_IsRefusedWhereverItIs()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        byte[] bytes = new byte[(1 << 20) + 100];
        Encoding.ASCII.GetBytes(HubScene.Writer).CopyTo(bytes, (1 << 20) - 7);
        File.WriteAllBytes(Path.Combine(scene.Package, "report.html"), bytes);

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id);

        run.AssertRefused(4, "report.html: your own token");
        Assert.DoesNotContain(HubScene.Writer, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_FileOverTheLimit_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sparse files need a call of their own there");
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        using (FileStream file = File.OpenWrite(Path.Combine(scene.Package, "report.html")))
        {
            file.SetLength(50_000_000_001);
        }

        scene.Run("publish", scene.Package, HubScene.Id).AssertRefused(4, "report.html: 50000000001 bytes");
    }

    [Fact]
    public async Task Publish_CardWithTheRightFigure_IsTaken()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        JsonNode metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(scene.Package, "metrics.json")))!;
        scene.Write("README.md", Card(((double)metrics["test"]!["accuracy"]!).ToString("F3", CultureInfo.InvariantCulture)));

        Assert.Equal(0, scene.Run("publish", scene.Package, HubScene.Id, "--dry-run").ExitCode);
    }

    [Fact]
    public async Task Publish_FolderThatIsNoPackage_ExitsWithFour()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        scene.Run("publish", scene["nothing"], HubScene.Id).AssertRefused(4, "nothing");
    }

    private static string Card(string accuracy) => $$"""
        ---
        license: mit
        model-index:
        - name: digits
          results:
          - task: {type: image-classification}
            dataset: {type: ylecun/mnist, name: MNIST, split: test}
            metrics:
            - type: accuracy
              value: {{accuracy}}
              name: Test accuracy
        ---
        # Digits

        """;

    private static void Write(string folder, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
        File.WriteAllText(Path.Combine(folder, name), text);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void Edit(string folder, Action<JsonObject> edit)
    {
        JsonNode metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "metrics.json")))!;
        edit(metrics["test"]!.AsObject());
        File.WriteAllText(Path.Combine(folder, "metrics.json"), metrics.ToJsonString());
    }

    private static void Replace(string folder, string name, string old, string with)
    {
        string text = File.ReadAllText(Path.Combine(folder, name));
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, name), text.Replace(old, with, StringComparison.Ordinal));
    }
}
