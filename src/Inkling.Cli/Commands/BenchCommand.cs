using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Diagnostics;
using Inkling.Engine;
using Inkling.Training.Recipes;
using Spectre.Console;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling bench</c>: this machine's speed.</summary>
internal static class BenchCommand
{
    private const int RecipeClasses = 10;

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        string[] names = [.. ReferenceNetwork.All.Select(reference => reference.Name), .. Recipe.BuiltIn];
        string known = $"{string.Join(", ", names)}, or a recipe's .json file";
        var network = new Option<string>("--network")
        {
            Description = known,
            DefaultValueFactory = _ => ReferenceNetwork.ResNet.Name,
            HelpName = "N",
        };
        network.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !names.Contains(name)
                && !name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                result.AddError($"{network.Name}: expected {known}, got {name}.");
            }
        });
        var batch = new Option<int>("--batch") { Description = "images a step", DefaultValueFactory = _ => 64, HelpName = "N" };
        batch.Validators.Add(result => SharedOptions.RequireRange(result, batch, 1, 65536));
        var seconds = new Option<int>("--seconds")
        {
            Description = "how long to measure each figure",
            DefaultValueFactory = _ => 3,
            HelpName = "S",
        };
        seconds.Validators.Add(result => SharedOptions.RequireRange(result, seconds, 1, 600));
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("bench", "Measure this machine's speed.") { network, batch, threads, seconds, json };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                parsed.GetRequiredValue(network),
                parsed.GetValue(batch),
                parsed.GetValue(threads),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static int Run(Terminal terminal, string name, int batch, int threads, TimeSpan duration, bool json)
    {
        (Network network, int chunk, Recipe? recipe) = Find(name);
        chunk = ChunkFor(batch, Math.Min(chunk, Math.Max(1, batch / threads)));
        using var team = new WorkerTeam(threads);
        BenchmarkResult result = NetworkBenchmark.Measure(network, batch, chunk, team, duration, recipe);
        double corePeak = result.PeakGflops / threads;
        if (json)
        {
            terminal.WriteJson(ToJson(result, corePeak));
            return ExitCode.Success;
        }

        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: batch {batch} in chunks of {chunk}, {threads} thread(s), {result.MultiplyAdds / 1e6:F2} million multiply-adds an image"));
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"training {result.TrainImagesPerSecond:F0} images/s{Augmented(result)}, inference {result.InferImagesPerSecond:F0} images/s"));
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one image {result.InferLatencyMsP50:F3} ms (99th percentile {result.InferLatencyMsP99:F3} ms), peak {result.PeakGflops:F0} GFLOP/s"));
        terminal.Output.Write(Table(result, corePeak));
        return ExitCode.Success;
    }

    private static string Augmented(BenchmarkResult result) => result.TrainAugmentedImagesPerSecond is { } speed
        ? string.Create(CultureInfo.InvariantCulture, $" ({speed:F0} with its augmentation)")
        : "";

    private static (Network Network, int Chunk, Recipe? Recipe) Find(string name)
    {
        if (ReferenceNetwork.All.FirstOrDefault(reference => reference.Name == name) is { } known)
        {
            return (new Network(known.Input, known.Layers), known.ChunkSize, null);
        }

        Recipe recipe = Recipe.Load(name);
        return (recipe.Build(RecipeClasses), recipe.ChunkSize, recipe);
    }

    /// <summary>The largest divisor of the batch up to a size.</summary>
    private static int ChunkFor(int batch, int largest) =>
        Enumerable.Range(1, largest).Last(chunk => batch % chunk == 0);

    /// <summary>Kernels of one name are one row, so that a network of many equal layers reads well in a narrow terminal.</summary>
    private static Table Table(BenchmarkResult result, double corePeak)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("kernel, on one thread").PadLeft(0).PadRight(0));
        foreach (string header in (string[])["µs/image", "time %", "GFLOP/s", "peak %"])
        {
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap().PadLeft(1).PadRight(0));
        }

        double total = result.Kernels.Sum(kernel => kernel.MicrosecondsPerImage);
        var rows = from kernel in result.Kernels
                   group kernel by kernel.Name into places
                   let time = places.Sum(place => place.MicrosecondsPerImage)
                   let flops = places.Sum(place => (place.Gflops ?? 0) * place.MicrosecondsPerImage)
                   orderby time descending
                   select (Name: places.Count() > 1 ? $"{places.Count()} × {places.Key}" : places.Key, Time: time, Gflops: flops / time);
        foreach ((string name, double time, double gflops) in rows)
        {
            bool isCounted = gflops > 0;
            table.AddRow(
                Terminal.Cell(name),
                time.ToString("F2", CultureInfo.InvariantCulture),
                Percent(time / total),
                isCounted ? gflops.ToString("F1", CultureInfo.InvariantCulture) : "",
                isCounted ? Percent(gflops / corePeak) : "");
        }

        return table;
    }

    private static JsonObject ToJson(BenchmarkResult result, double corePeak) => new()
    {
        ["train_images_per_second"] = Math.Round(result.TrainImagesPerSecond, 1),
        ["train_augmented_images_per_second"] = result.TrainAugmentedImagesPerSecond is { } speed ? Math.Round(speed, 1) : null,
        ["infer_images_per_second"] = Math.Round(result.InferImagesPerSecond, 1),
        ["infer_latency_ms_p50"] = Math.Round(result.InferLatencyMsP50, 4),
        ["infer_latency_ms_p99"] = Math.Round(result.InferLatencyMsP99, 4),
        ["peak_gflops"] = Math.Round(result.PeakGflops, 1),
        ["kernels"] = new JsonArray([.. result.Kernels.Select(kernel => (JsonNode)new JsonObject
        {
            ["name"] = kernel.Name,
            ["microseconds_per_image"] = Math.Round(kernel.MicrosecondsPerImage, 3),
            ["gflops"] = kernel.Gflops is { } gflops ? Math.Round(gflops, 1) : null,
            ["share_of_peak"] = kernel.Gflops is { } rate ? Math.Round(rate / corePeak, 3) : null,
        })]),
    };

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);
}
