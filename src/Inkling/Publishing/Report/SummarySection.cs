using System.Globalization;
using Inkling.Evaluation;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>The whole report in a few sentences and numbers.</summary>
internal static class SummarySection
{
    internal static Html Write(ReportFacts facts)
    {
        ClassificationMetrics metrics = facts.Metrics;
        int wrong = metrics.Count - metrics.Confusion.Correct;
        return Html.Of(
            $"""
            <p class="lead">This program says what a picture shows: {facts.Package.Dataset.Subject}, {facts.Classes.Count:N0} kinds of them. {Judged(facts)}
            It named <strong>{ReportFacts.Percent(metrics.Accuracy)}</strong> of them rightly{OneIn(wrong, metrics.Count)}.</p>
            <p>With other pictures of the same kind the share would come out a little different: by all that chance can do it lies between
            {ReportFacts.Percent(metrics.AccuracyInterval95)} (a 95 % interval by Wilson).{Accepted(facts)}</p>
            <div class="tiles">
            {Tile(ReportFacts.Percent(metrics.Accuracy), Html.Of($"right"))}
            {Tile(Html.Of($"{wrong:N0}"), Html.Of($"mistakes in {metrics.Count:N0} pictures"))}
            {Tile(ReportFacts.Percent(metrics.TopTwoAccuracy), Html.Of($"right with two guesses"))}
            {Tile(ReportFacts.Percent(metrics.ExpectedCalibrationError), Html.Of($"how far its probabilities are off"))}
            {Openings(facts)}</div>
            """);
    }

    private static string Judged(ReportFacts facts) => facts.IsTest
        ? string.Create(CultureInfo.InvariantCulture, $"It was shown {facts.Metrics.Count:N0} test pictures of {facts.Package.Dataset.Title}, which played no part in its making.")
        : string.Create(CultureInfo.InvariantCulture, $"There are no test pictures, so it was shown the {facts.Metrics.Count:N0} that were held out of its training to choose by; on new ones it may be a little worse.");

    private static string OneIn(int wrong, int count) => wrong == 0
        ? ", without a mistake"
        : string.Create(CultureInfo.InvariantCulture, $": one mistake in {Math.Round((double)count / wrong):N0}");

    private static Html Accepted(ReportFacts facts) => facts.Evaluation.AcceptedLabels is not { } accepted
        ? Html.Empty
        : Html.Of(
            $"""
             Of {facts.Metrics.Count - accepted.Count} of these pictures people have said that they don't show what they are said to show; without those it is
            {ReportFacts.Percent(accepted.Accuracy)} ({ReportFacts.Percent(accepted.AccuracyInterval95)}; Northcutt, Athalye and Mueller 2021).
            """);

    private static Html Openings(ReportFacts facts)
    {
        int openings = facts.Package.Lock.TestOpenings;
        return facts.IsTest
            ? ReportPage.Circumstance(Tile(
                Html.Of($"{openings:N0}"), Html.Of($"{(openings == 1 ? "time" : "times")} that the test pictures were opened for it")))
            : Html.Empty;
    }

    private static Html Tile(string value, Html name) => Tile(Html.Of($"{value}"), name);

    private static Html Tile(Html value, Html name) => Html.Of($"""<div class="tile"><b>{value}</b>{name}</div>""");
}
