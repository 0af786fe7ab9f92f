using System.Globalization;
using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.ReproducibilityProbe;
using Inkling.Training;
using Inkling.Training.Recipes;

// Trains on MNIST and prints the SHA-256 of model.safetensors and the conditions that it saw, if they are those expected.
//
//   RECIPE MAX-STEPS THREADS [--images N] [--culture NAME] [--expect FACT=VALUE]…
//
// Conditions are made from outside, by environment variables and ways to build. This program only looks what has become of
// them, because a switch that the runtime ignores would leave a test that proves nothing.
if (args.Length < 3)
{
    return Fail("expected RECIPE MAX-STEPS THREADS [--images N] [--culture NAME] [--expect FACT=VALUE]…");
}

using var compilation = new EngineCompilation();
int? images = null;
var expected = new List<string>();
for (int i = 3; i < args.Length; i += 2)
{
    string value = args[i + 1];
    switch (args[i])
    {
        case "--images":
            images = int.Parse(value, CultureInfo.InvariantCulture);
            break;
        case "--culture":
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = new CultureInfo(value);
            break;
        case "--expect":
            expected.Add(value);
            break;
        default:
            return Fail($"unknown option {args[i]}");
    }
}

Recipe recipe = Recipe.Load(args[0]);
ImageDataset mnist = Datasets.Load("mnist");
ImageDataset dataset = images is { } count ? FirstOf(mnist, count) : mnist;
var run = new TrainingRun(dataset, recipe, new TrainingRunOptions { MaxSteps = int.Parse(args[1], CultureInfo.InvariantCulture) });
using var team = new WorkerTeam(int.Parse(args[2], CultureInfo.InvariantCulture));
using TrainedModel model = run.Run(new Nobody(), team);

string[] facts = [.. Facts.Of(compilation).Select(fact => $"{fact.Key}={fact.Value}")];
if (expected.Except(facts).FirstOrDefault() is { } missing)
{
    return Fail($"expected {missing}, found {string.Join(' ', facts)}");
}

Console.WriteLine($"{Convert.ToHexStringLower(SHA256.HashData(model.WeightsFile))} {string.Join(' ', facts)}");
return 0;

static ImageDataset FirstOf(ImageDataset all, int count)
{
    ImageSet train = all.Train;
    var first = new ImageSet(
        train.Channels, train.Height, train.Width, train.ClassCount,
        train.Pixels[..(count * train.ImageLength)].ToArray(), train.Labels[..count].ToArray(), train.FileHashes);
    return new ImageDataset(all.Name, all.ClassNames, first, loadTest: null);
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}

/// <summary>Watches nothing.</summary>
internal sealed class Nobody : ITrainingObserver;
