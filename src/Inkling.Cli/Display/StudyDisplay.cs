using System.Globalization;
using Inkling.Statistics;
using Inkling.Studies;

namespace Inkling.Cli.Display;

/// <summary>A study for people: tables in Markdown, to be read here and pasted elsewhere.</summary>
internal static class StudyDisplay
{
    internal static string Text(SeedResult result, StudyJudge judge) => string.Create(
        CultureInfo.InvariantCulture,
        $"Seed {result.Seed}: {Percent(result.ScoreOf(judge).Accuracy, 2)} of the {Name(judge)} images, trained in {result.Seconds:F1} s");

    internal static void Write(Terminal terminal, SeedStudy study)
    {
        bool hasBoth = study.Judge == StudyJudge.Test && study.Results.All(result => result.Validation is not null);
        string validation = hasBoth ? " validation accuracy |" : "";
        terminal.WriteLine($"| seed | {Name(study.Judge)} accuracy | wrong | NLL |{validation} training | images/s |");
        terminal.WriteLine($"|---:|---:|---:|---:|{(hasBoth ? "---:|" : "")}---:|---:|");
        foreach (SeedResult result in study.Results)
        {
            SplitScore score = result.ScoreOf(study.Judge);
            validation = hasBoth ? $" {Percent(result.Validation!.Accuracy, 2)} |" : "";
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {result.Seed} | {Percent(score.Accuracy, 2)} | {Math.Round(score.Count * (1 - score.Accuracy))} | {score.NegativeLogLikelihood:F4} |")
                + validation + string.Create(CultureInfo.InvariantCulture, $" {result.Seconds:F1} s | {result.ImagesPerSecond:F0} |"));
        }

        terminal.WriteLine("");
        terminal.WriteLine($"| recipe | parameters | {Name(study.Judge)} accuracy, mean | sd | 95 % interval of the mean | NLL, mean | seeds | training, median |");
        terminal.WriteLine("|---|---:|---:|---:|---|---:|---:|---:|");
        terminal.WriteLine(Row(study));
    }

    private static string Row(SeedStudy study)
    {
        MeanEstimate accuracy = Estimate(study, score => score.Accuracy);
        string deviation = accuracy.StandardDeviation is { } sd ? Percent(sd, 3) : "";
        string interval = accuracy.Interval95 is { } ends ? $"{Percent(ends.Low, 3)} to {Percent(ends.High, 3)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| `{study.Recipe.Name}` | {study.Parameters:N0} | {Percent(accuracy.Mean, 3)} | {deviation} | {interval} | ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{Estimate(study, score => score.NegativeLogLikelihood).Mean:F4} | {accuracy.Count} | {MedianSeconds(study.Results):F1} s |");
    }

    private static MeanEstimate Estimate(SeedStudy study, Func<SplitScore, double> value) =>
        MeanEstimate.Of([.. study.Results.Select(result => value(result.ScoreOf(study.Judge)))]);

    private static double MedianSeconds(IEnumerable<SeedResult> results)
    {
        double[] seconds = [.. results.Select(result => result.Seconds).Order()];
        return (seconds[(seconds.Length - 1) / 2] + seconds[seconds.Length / 2]) / 2;
    }

    private static string Name(StudyJudge judge) => judge == StudyJudge.Test ? "test" : "validation";

    private static string Percent(double share, int digits) =>
        (100 * share).ToString("F" + digits, CultureInfo.InvariantCulture) + " %";
}
