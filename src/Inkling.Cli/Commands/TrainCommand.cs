using System.CommandLine;
using System.Globalization;
using Inkling.Cli.Display;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling train</c>: from a dataset and a recipe to a package folder.</summary>
internal static class TrainCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string> data = DataOptions.Data();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        Option<string> recipe = SharedOptions.Recipe();
        var seed = new Option<ulong?>("--seed") { Description = "instead of the recipe's", HelpName = "N" };
        var maxSteps = new Option<int?>("--max-steps")
        {
            Description = "stop early; the schedule stays that of the whole run",
            HelpName = "N",
        };
        maxSteps.Validators.Add(result => SharedOptions.RequirePositive(result, maxSteps));
        var output = new Option<string?>("--out") { Description = "package folder; runs/DATA-RECIPE by default", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "go on with a run that was interrupted" };
        var interval = new Option<int>("--checkpoint-seconds")
        {
            Description = "how often to keep a checkpoint between those of the epochs; 0 after every step",
            DefaultValueFactory = _ => 30,
            HelpName = "S",
        };
        interval.Validators.Add(result => SharedOptions.RequireRange(result, interval, 0, 86400));
        output.Validators.Add(result => SharedOptions.RequireText(result, output.Name));
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("train", "Train a model and leave a package folder.")
        {
            data, exclusions, offline, recipe, seed, maxSteps, output, resume, interval, threads, json,
        };
        command.SetAction(parsed => Run(
            terminal,
            new Settings(
                parsed.GetRequiredValue(data),
                parsed.GetValue(exclusions),
                parsed.GetValue(offline),
                parsed.GetRequiredValue(recipe),
                parsed.GetValue(seed),
                parsed.GetValue(maxSteps),
                parsed.GetValue(output),
                parsed.GetValue(resume),
                TimeSpan.FromSeconds(parsed.GetValue(interval)),
                parsed.GetValue(threads),
                parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static int Run(Terminal terminal, Settings settings, CancellationToken cancellation)
    {
        Recipe recipe = Recipe.Load(settings.Recipe);
        ImageDataset dataset = DataOptions.Load(terminal, settings.Data, recipe, settings.Exclusions, settings.Offline);
        string path = settings.Output ?? Path.Combine("runs", $"{DatasetName.Short(dataset.Name)}-{recipe.Name}");

        // Made before the long run, so that a place that can't be written to is known now.
        PackageFolder.EnsureReplaceable(path);
        using RunFolder runFolder = RunFolder.Open(PackageFolder.RunFolderOf(path));
        if (runFolder.HasCheckpoints != settings.Resume)
        {
            terminal.WriteErrorLine(settings.Resume
                ? "There is no unfinished run to go on with; a new one begins."
                : "A new run takes the place of the unfinished one; --resume would have gone on with it.");
        }

        var run = new TrainingRun(dataset, recipe, new TrainingRunOptions
        {
            Seed = settings.Seed,
            MaxSteps = settings.MaxSteps,
            Folder = runFolder,
            Resume = settings.Resume,
            CheckpointInterval = settings.CheckpointInterval,
        });
        using var team = new WorkerTeam(settings.Threads);
        using TrainedModel model = TrainingDisplay.Watch(
            terminal, $"Training on {dataset.Name} with recipe {recipe.Name}", observer => Train(
                terminal, run, runFolder, observer, team, cancellation));
        ModelEvaluation? test;
        using (PackageFolder folder = PackageFolder.Stage(path))
        {
            test = PackageWriter.Write(folder, model, dataset, team, cancellation);
        }

        runFolder.Clear();
        if (settings.Json)
        {
            terminal.Json.Write(File.ReadAllText(Path.Combine(path, PackageFiles.Metrics)));
            return ExitCode.Success;
        }

        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Trained {model.Steps} steps in {model.Seconds:F1} s ({model.ImagesPerSecond:F0} images/s)."));
        if (test is not null)
        {
            MetricsDisplay.Write(terminal, "test", test, dataset.ClassNames);
            int openings = PackageLock.Read(Path.Combine(path, PackageFiles.Lock)).TestOpenings;
            terminal.WriteLine($"The test images were opened {(openings == 1 ? "once, now" : $"{openings} times")}.");
        }

        terminal.WriteLine($"Package: {path}");
        terminal.WriteLine($"model.safetensors SHA-256: {model.Epochs[^1].WeightsHash}");
        return ExitCode.Success;
    }

    private static TrainedModel Train(
        Terminal terminal, TrainingRun run, RunFolder folder, ITrainingObserver observer, WorkerTeam team, CancellationToken cancellation)
    {
        try
        {
            return run.Run(observer, team, cancellation);
        }
        catch (NonFiniteLossException) when (folder.HasCheckpoints)
        {
            terminal.WriteErrorLine($"{folder.Path} keeps the last checkpoint before that.");
            throw;
        }
    }

    private sealed record Settings(
        string Data, string? Exclusions, bool Offline, string Recipe, ulong? Seed, int? MaxSteps, string? Output,
        bool Resume, TimeSpan CheckpointInterval, int Threads, bool Json);
}
