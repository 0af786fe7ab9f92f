using System.Text.Json.Nodes;
using Inkling.Hub;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Publishing;
using Inkling.Serialization;

namespace Inkling.Space;

/// <summary>
/// A static Space: a page on which people draw a digit and the package's model reads it in their browser. All that it needs is
/// in it; it asks no other server.
/// </summary>
internal static class SpacePage
{
    private const string ResourcePrefix = "space/";
    private const string Mark = "space.json";
    private const string Model = "model.onnx";

    private static readonly string[] Assets =
    [
        "index.html", "app.js", "framing.js", "ort.wasm.bundle.min.js", "ort-wasm-simd-threaded.wasm.gz", "onnxruntime-web.LICENSE.txt",
    ];

    /// <summary>Says early whether a package can have a page.</summary>
    /// <exception cref="ModelFormatException">It doesn't read grey drawings, or has no ONNX file.</exception>
    internal static void Check(string folder)
    {
        using TrainedPackage package = TrainedPackage.Open(folder);
        InputRecipe input = package.Lock.Recipe.Input;
        if (input.Framing != Framing.Digit || input.Channels != 1)
        {
            throw new ModelFormatException(
                folder, "a model of grey drawings framed as digits, which the page of a Space makes", "another kind of input", "Publish it without --space.");
        }

        if (!File.Exists(Path.Combine(folder, PackageFiles.OnnxWithPreprocessing)))
        {
            throw new ModelFormatException(
                folder, $"{PackageFiles.OnnxWithPreprocessing}, which the page of a Space runs", "nothing", $"Make it: inkling export {folder}");
        }
    }

    /// <summary>Writes the page.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="model">Where the package is published.</param>
    /// <param name="address">Of that page.</param>
    /// <param name="target">A folder to write into.</param>
    internal static PublishedFolder Write(string folder, HubRepository model, Uri address, string target)
    {
        foreach (string asset in Assets)
        {
            using Stream source = typeof(SpacePage).Assembly.GetManifestResourceStream(ResourcePrefix + asset)!;
            using FileStream file = File.Create(Path.Combine(target, asset));
            source.CopyTo(file);
        }

        File.Copy(Path.Combine(folder, PackageFiles.OnnxWithPreprocessing), Path.Combine(target, Model));
        using (TrainedPackage package = TrainedPackage.Open(folder))
        {
            AtomicFile.Write(Path.Combine(target, Mark), CanonicalJson.Write(new JsonObject
            {
                ["model"] = model.Id,
                ["url"] = address.AbsoluteUri,
                ["model_sha256"] = package.Lock.Files[PackageFiles.Weights],
                ["classes"] = new JsonArray([.. package.Classes.Select(name => (JsonNode)name)]),
            }));
        }

        AtomicFile.Write(Path.Combine(target, PackageFiles.Card), Card(model));
        string[] names = [.. Assets, Model, Mark, PackageFiles.Card];
        return new PublishedFolder([.. names.Select(name => (name, Path.Combine(target, name)))], names, Mark);
    }

    private static string Card(HubRepository model) => $"""
        ---
        title: {'"'}{model.Name}{'"'}
        emoji: ✏️
        colorFrom: indigo
        colorTo: gray
        sdk: static
        app_file: index.html
        pinned: false
        license: mit
        short_description: Draw a digit and your browser reads it
        models:
        - {'"'}{model.Id}{'"'}
        ---

        # {model.Name}

        Draw a digit with mouse, finger, pen or keys. The model [{model.Id}](https://huggingface.co/{model.Id}) runs in the page, with
        onnxruntime-web; nothing that is drawn leaves the device. The page was made by `inkling publish --space`.

        """.ReplaceLineEndings("\n");
}
