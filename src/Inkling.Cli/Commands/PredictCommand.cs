using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Imaging;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling predict</c>: labels with probabilities, for any number of pictures in one go.</summary>
internal static class PredictCommand
{
    private const string StandardInput = "-";

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.Package();
        var images = new Argument<string[]>("IMAGE")
        {
            Description = "PNG, JPEG, BMP or WebP of any size and colour; - reads standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        images.Validators.Add(result => SharedOptions.RequireText(result, images.Name));
        var top = new Option<int>("--top")
        {
            Description = "how many classes to show for each",
            DefaultValueFactory = _ => 1,
            HelpName = "K",
        };
        top.Validators.Add(result => SharedOptions.RequireRange(result, top, 1, 10_000));
        Option<bool> json = SharedOptions.Json();

        var command = new Command("predict", "Say what is on pictures.") { package, images, top, json };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal, SharedOptions.Locate(terminal, parsed.GetRequiredValue(package), cancellation).Folder,
                parsed.GetRequiredValue(images), parsed.GetValue(top), parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static int Run(Terminal terminal, string package, string[] images, int top, bool json)
    {
        using ImageClassifier classifier = ImageClassifier.Load(package);
        var predictions = new JsonArray();
        foreach (string file in images)
        {
            DecodedImage image = DataAccessException.Guard(() => Decode(terminal, file));
            Prediction prediction = classifier.Predict(image);
            predictions.Add(ToJson(file, prediction, top));
            if (!json)
            {
                terminal.WriteLine($"{file}: {Text(prediction, top)}");
            }
        }

        if (json)
        {
            terminal.WriteJson(predictions);
        }

        return ExitCode.Success;
    }

    private static DecodedImage Decode(Terminal terminal, string file)
    {
        if (file != StandardInput)
        {
            return File.Exists(file)
                ? ImageDecoder.Decode(file)
                : throw new ImageFormatException(
                    file, "a picture", Directory.Exists(file) ? "a folder" : "no such file",
                    "Name PNG, JPEG, BMP or WebP files, or - for standard input.");
        }

        using Stream input = terminal.OpenInput();
        using var bytes = new MemoryStream();
        byte[] block = new byte[81920];

        // One byte more than allowed is enough for the decoder to refuse it.
        for (int read = 1; read > 0 && bytes.Length <= ImageDecoder.MaxFileBytes;)
        {
            read = input.Read(block);
            bytes.Write(block, 0, read);
        }

        return ImageDecoder.Decode(bytes.ToArray(), "standard input");
    }

    private static JsonObject ToJson(string file, Prediction prediction, int top) => new()
    {
        ["file"] = file,
        ["label"] = prediction.Label,
        ["probability"] = prediction.Probability,
        ["sure"] = prediction.IsSure,
        ["why"] = prediction.Why switch
        {
            null => null,
            DoubtReason.NoDigit => "no_digit",
            _ => "low_probability",
        },
        ["top"] = new JsonArray([.. prediction.Ranking.Take(top).Select(entry =>
            (JsonNode)new JsonObject { ["label"] = entry.Label, ["probability"] = entry.Probability })]),
    };

    private static string Text(Prediction prediction, int top) => prediction.Why == DoubtReason.NoDigit
        ? "no digit"
        : $"{(prediction.IsSure == false ? "not sure, perhaps " : "")}{string.Join(", ", prediction.Ranking.Take(top).Select(Text))}";

    private static string Text(LabelProbability entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Label} ({100 * entry.Probability:F2} %)");
}
