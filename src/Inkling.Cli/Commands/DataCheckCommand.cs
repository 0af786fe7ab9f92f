using System.CommandLine;
using Inkling.Cli.Display;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Quality;
using Inkling.Serialization;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling data check</c>: quality analysis of a dataset, and a gate for continuous integration.</summary>
internal static class DataCheckCommand
{
    private const string Never = "never";

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var data = new Argument<string>("DATA") { Description = DataOptions.Forms, DefaultValueFactory = _ => "mnist" };
        data.Validators.Add(result => SharedOptions.RequireText(result, data.Name));
        var output = new Option<string?>("--out")
        {
            Description = "folder for quality.json and quality.html; quality/DATA by default",
            HelpName = "DIR",
        };
        output.Validators.Add(result => SharedOptions.RequireText(result, output.Name));
        var failOn = new Option<string>("--fail-on")
        {
            Description = "exit with 1 if a check comes to this or worse: note, warning, error or never",
            DefaultValueFactory = _ => QualityJson.Name(Verdict.Error),
            HelpName = "LEVEL",
        };
        failOn.AcceptOnlyFromAmong([.. Levels.Select(QualityJson.Name), Never]);
        var exclusions = new Option<string?>("--write-exclusions")
        {
            Description = "write the training images to leave out, for train --exclusions",
            HelpName = "FILE",
        };
        exclusions.Validators.Add(result => SharedOptions.RequireText(result, exclusions.Name));
        var labels = new Option<bool>("--no-label-errors")
        {
            Description = "don't train models to look for label errors, which takes most of the time",
        };
        Option<bool> offline = DataOptions.Offline();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("check", "Analyse the quality of a dataset.")
        {
            data, output, failOn, exclusions, labels, offline, threads, json,
        };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                new Settings(
                    parsed.GetRequiredValue(data),
                    parsed.GetValue(output),
                    parsed.GetRequiredValue(failOn),
                    parsed.GetValue(exclusions),
                    !parsed.GetValue(labels),
                    parsed.GetValue(offline),
                    parsed.GetValue(threads),
                    parsed.GetValue(json)),
                cancellation),
            cancellation));
        return command;
    }

    private static IEnumerable<Verdict> Levels => [Verdict.Note, Verdict.Warning, Verdict.Error];

    private static int Run(Terminal terminal, Settings settings, CancellationToken cancellation)
    {
        ImageDataset dataset = DataOptions.Load(
            terminal, settings.Data, new DatasetOptions { SkipUnreadable = true, Offline = settings.Offline });
        string folder = settings.Output ?? Path.Combine("quality", DatasetName.Short(dataset.Name));

        // Made before the long work, so that a place that can't be written to is known now.
        Directory.CreateDirectory(folder);
        using var team = new WorkerTeam(settings.Threads);
        var options = new QualityOptions
        {
            LabelErrors = settings.LabelErrors,
            Report = terminal.WriteErrorLine,
        };
        QualityReport report = DataAccessException.Guard(() => QualityAnalysis.Run(dataset, options, team, cancellation));

        string text = QualityJson.Write(report);
        AtomicFile.Write(Path.Combine(folder, "quality.json"), text);
        AtomicFile.Write(Path.Combine(folder, "quality.html"), QualityPage.Write(report));
        if (settings.Exclusions is { } list)
        {
            AtomicFile.Write(list, ExclusionList.Write(dataset, report.Exclusions));
        }

        if (settings.Json)
        {
            terminal.Json.Write(text);
        }
        else
        {
            QualityDisplay.Write(terminal, report, folder, settings.Exclusions);
        }

        bool fails = Levels.Any(level => QualityJson.Name(level) == settings.FailOn && report.Worst >= level);
        return fails ? ExitCode.CheckFailed : ExitCode.Success;
    }

    private sealed record Settings(
        string Data, string? Output, string FailOn, string? Exclusions, bool LabelErrors, bool Offline, int Threads, bool Json);
}
