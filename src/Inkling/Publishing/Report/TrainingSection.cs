using System.Globalization;
using Inkling.Rendering;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Publishing.Report;

/// <summary>Loss and error after every epoch.</summary>
internal static class TrainingSection
{
    internal static Html? Write(ReportFacts facts)
    {
        if (facts.History.Count == 0)
        {
            return null;
        }

        return Html.Of(
            $"""
            <p>It saw its {facts.Package.Lock.Split.Train:N0} training pictures {ReportFacts.Times(facts.History.Count)}, in {facts.Package.Lock.Weights.Steps:N0} steps{Changed(facts)}{Held(facts)}
            Both scales are logarithmic: as far again down means as many times less.</p>
            <div class="charts">
            {Chart(facts, "Mistakes", "wrong, in %", node => 100 * (1 - node), epoch => epoch.TrainAccuracy, epoch => epoch.ValidationAccuracy)}
            {Chart(facts, "Loss", "what training makes small", node => node, epoch => epoch.TrainLoss, epoch => epoch.ValidationLoss)}
            </div>
            """);
    }

    private static string Changed(ReportFacts facts)
    {
        Recipe recipe = facts.Package.Lock.Recipe;
        string? when = (recipe.Augmentation, recipe.Refinement) switch
        {
            (null, { Augmentation: not null } last) => last.Epochs == 1 ? "the last time" : $"the last {ReportFacts.Times(last.Epochs)}",
            (null, _) => null,
            (_, { Augmentation: null } last) => $"each time but the last{(last.Epochs == 1 ? "" : " " + ReportFacts.Times(last.Epochs))}",
            _ => "each time",
        };
        return when is null ? ". " : $", {when} a little changed, which makes them harder than the pictures as they are. ";
    }

    private static string Held(ReportFacts facts) => facts.Package.Lock.Split.Validation == 0
        ? "None were held out to choose by."
        : string.Create(CultureInfo.InvariantCulture, $"{facts.Package.Lock.Split.Validation:N0} others, the validation pictures, were held out to choose by; the model is the one after the last round, whatever they said.");

    private static Html Chart(ReportFacts facts, string title, string unit, Func<double, double> value, Func<EpochResult, double?> train,
        Func<EpochResult, double?> validation)
    {
        Line[] lines =
        [
            new Line("training", Points(facts.History, value, train), HasDots: true),
            new Line("validation", Points(facts.History, value, validation), HasDots: true),
        ];
        lines = [.. lines.Where(line => line.Points.Count > 0)];
        string words = string.Join(" ", lines.Select(line => $"{line.Name}: {string.Join(", ", line.Points.Select(point => point.Y.ToString("0.####", CultureInfo.InvariantCulture)))}."));
        return LineChart.Draw(
            title, words, Axis.Linear("epoch", 0, facts.History.Count),
            Axis.Logarithmic(unit, [.. lines.SelectMany(line => line.Points).Select(point => point.Y)]), lines);
    }

    private static (double X, double Y)[] Points(
        IReadOnlyList<EpochResult> history, Func<double, double> value, Func<EpochResult, double?> figure) =>
        [.. history.Where(epoch => figure(epoch) is not null).Select(epoch => ((double)epoch.Epoch, value(figure(epoch)!.Value)))];
}
