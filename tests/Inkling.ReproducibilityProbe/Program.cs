using System.Globalization;
using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Engine.Execution;
using Inkling.ReproducibilityProbe;
using Inkling.Training;
using Inkling.Training.Recipes;

// Trains on MNIST and prints the SHA-256 of model.safetensors, if everything holds that it was told should hold.
//
//   RECIPE MAX-STEPS THREADS [--images N] [--without avx512|avx2|all|tiers|optimizer]… [--culture NAME]
//
// What is switched off is switched off from outside, by environment variables and build configurations; this program
// only looks whether it is really off, because a switch that the runtime ignores would leave a test that proves nothing.
if (args.Length < 3)
{
    return Fail("expected RECIPE MAX-STEPS THREADS [--images N] [--without FEATURE]… [--culture NAME]");
}

JitTiers? jit = null;
int? images = null;
for (int i = 3; i < args.Length; i += 2)
{
    string value = args[i + 1];
    switch (args[i])
    {
        case "--images":
            images = int.Parse(value, CultureInfo.InvariantCulture);
            break;
        case "--without" when value == "tiers":
            jit = new JitTiers();
            break;
        case "--without" when !Feature.IsOff(value):
            return Fail($"{value} is on");
        case "--without":
            break;
        case "--culture":
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = new CultureInfo(value);
            if (0.5.ToString(CultureInfo.CurrentCulture) != "0,5")
            {
                return Fail($"{value} writes {0.5.ToString(CultureInfo.CurrentCulture)}, without a comma");
            }

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

if (jit?.Tiered.FirstOrDefault() is { } method)
{
    return Fail($"tiers is on: {method} was compiled by tiers");
}

Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(model.WeightsFile)));
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
