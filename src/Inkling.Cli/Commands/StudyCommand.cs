using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Studies;
using Inkling.Training.Recipes;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling study</c>: one recipe with several seeds.</summary>
internal static class StudyCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var seeds = new Option<int>("--seeds") { Description = "how many", DefaultValueFactory = _ => 5, HelpName = "N" };
        seeds.Validators.Add(result => SharedOptions.RequireRange(result, seeds, 1, 10_000));
        var firstSeed = new Option<ulong?>("--first-seed")
        {
            Description = "the others follow it; the recipe's own by default",
            HelpName = "N",
        };
        Option<string> recipe = SharedOptions.Recipe();
        Option<string> data = DataOptions.Data();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var test = new Option<bool>("--test")
        {
            Description = "for a recipe that has been chosen: judge by the test images, opened once a seed, and keep the packages",
        };
        var output = new Option<string?>("--out")
        {
            Description = "folder of the study; runs/DATA-RECIPE-study by default",
            HelpName = "DIR",
        };
        output.Validators.Add(result => SharedOptions.RequireText(result, output.Name));
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command(
            "study", "Train a recipe with several seeds: mean, spread and interval. Judges by the validation images; the test images stay sealed.")
        {
            seeds, firstSeed, recipe, data, exclusions, offline, test, output, threads, json,
        };
        command.SetAction(parsed => Run(
            terminal,
            new Settings(
                parsed.GetValue(seeds),
                parsed.GetValue(firstSeed),
                parsed.GetRequiredValue(recipe),
                parsed.GetRequiredValue(data),
                parsed.GetValue(exclusions),
                parsed.GetValue(offline),
                parsed.GetValue(test) ? StudyJudge.Test : StudyJudge.Validation,
                parsed.GetValue(output),
                parsed.GetValue(threads),
                parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static int Run(Terminal terminal, Settings settings, CancellationToken cancellation)
    {
        Recipe recipe = Recipe.Load(settings.Recipe);
        ImageDataset dataset = DataOptions.Load(terminal, settings.Data, recipe, settings.Exclusions, settings.Offline);
        string path = settings.Output
            ?? Path.Combine(
                "runs", $"{DatasetName.Short(dataset.Name)}-{recipe.Name}-study{(settings.Judge == StudyJudge.Test ? "-test" : "")}");
        using SeedStudy study = SeedStudy.Open(path, dataset, recipe, settings.Judge);
        using var team = new WorkerTeam(settings.Threads);
        ulong first = settings.FirstSeed ?? recipe.Seed;
        foreach (int i in Enumerable.Range(0, settings.Seeds))
        {
            ulong seed = unchecked(first + (ulong)i);
            if (!study.Has(seed))
            {
                SeedResult result = TrainingDisplay.Watch(
                    terminal,
                    $"Seed {seed}, {i + 1} of {settings.Seeds}: training on {dataset.Name} with recipe {recipe.Name}",
                    observer => study.Train(seed, observer, team, cancellation));
                terminal.WriteErrorLine(StudyDisplay.Text(result, settings.Judge));
            }
        }

        if (settings.Json)
        {
            JsonObject result = study.Json;
            result["times"] = study.Times;
            terminal.WriteJson(result);
        }
        else
        {
            StudyDisplay.Write(terminal, study);
            terminal.WriteLine($"Study: {path}");
        }

        return ExitCode.Success;
    }

    private sealed record Settings(
        int Seeds, ulong? FirstSeed, string Recipe, string Data, string? Exclusions, bool Offline, StudyJudge Judge, string? Output,
        int Threads, bool Json);
}
