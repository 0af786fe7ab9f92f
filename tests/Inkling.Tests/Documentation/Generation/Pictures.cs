using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Publishing;
using Inkling.Rendering;

namespace Inkling.Tests.Documentation.Generation;

/// <summary>The pictures of README.md that artefacts give.</summary>
internal static class Pictures
{
    private const int Width = 720;

    /// <summary>Share of each class among training and test images.</summary>
    internal static string Classes(Artefacts artefacts)
    {
        const double Left = 50;
        const double Bottom = 190;
        const double PerShare = 1300;
        JsonNode counts = artefacts.Quality["dataset"]!["counts"]!;
        double[] train = Shares(counts["train"]!);
        double[] test = Shares(counts["test"]!);
        double step = (Width - Left) / train.Length;
        var parts = new List<Html>();
        foreach (double share in (double[])[0, 0.05, 0.1])
        {
            parts.Add(Svg.Line(Left, Bottom - share * PerShare, Width, Bottom - share * PerShare));
            parts.Add(Svg.Text(Left - 8, Bottom - share * PerShare + 4, $"{100 * share:F0} %", "end"));
        }

        for (int k = 0; k < train.Length; k++)
        {
            double x = Left + k * step;
            parts.Add(Svg.Bar(x + 10, Bottom - train[k] * PerShare, step / 2 - 12, train[k] * PerShare, "a"));
            parts.Add(Svg.Bar(x + step / 2, Bottom - test[k] * PerShare, step / 2 - 12, test[k] * PerShare, "b"));
            parts.Add(Svg.Text(x + step / 2 - 2, Bottom + 20, artefacts.Mnist.ClassNames[k], style: "strong"));
        }

        Legend(parts, Left, 225, "training images", "test images");
        return Svg.Write("Share of each digit among the training and the test images", Width, 240, parts);
    }

    /// <summary>The labels that are most doubtful.</summary>
    internal static string Suspects(Artefacts artefacts) => Gallery(
        "The twelve images of MNIST whose labels are most doubtful",
        artefacts.Quality["label_errors"]!.AsArray().Take(12).Select(error =>
        {
            string split = (string)error!["split"]!;
            int index = (int)error["index"]!;
            return (artefacts.Split(split), index, $"labelled {error["given"]}", $"looks like {error["suggested"]}", $"{split} {index}");
        }));

    /// <summary>The test images that the model gets wrong.</summary>
    internal static string Mistakes(Artefacts artefacts)
    {
        using TrainedPackage package = TrainedPackage.Open(artefacts.Package);
        using var team = new WorkerTeam(Environment.ProcessorCount);
        ClassificationMetrics metrics = new PackageEvaluator(package, team).Evaluate(artefacts.Mnist, "test").Metrics;
        ImageSet test = artefacts.Split("test");
        int[] wrong = [.. Enumerable.Range(0, test.Count).Where(i => metrics.Predictions[i] != test.Labels[i])];
        return Gallery(
            string.Create(CultureInfo.InvariantCulture, $"The first {Math.Min(24, wrong.Length)} of the {wrong.Length} test images that the model misreads"),
            wrong.Take(24).Select(i => (test, i, $"is {package.Classes[test.Labels[i]]}", $"read as {package.Classes[metrics.Predictions[i]]}", $"test {i}")));
    }

    /// <summary>Accuracy and loss of every epoch.</summary>
    internal static string Learning(Artefacts artefacts)
    {
        var parts = new List<Html>();
        Panel(parts, artefacts, 55, "accuracy", ["train_accuracy", "validation_accuracy"], percent: true);
        Panel(parts, artefacts, 415, "loss", ["train_loss", "validation_loss"], percent: false);
        Legend(parts, 55, 255, "training, augmented", "validation");
        return Svg.Write("Accuracy and loss of the shipped model after every epoch", Width, 270, parts);
    }

    /// <summary>Which digits are taken for which.</summary>
    internal static string Confusion(Artefacts artefacts)
    {
        const double Left = 130;
        const double Top = 50;
        const double Cell = 40;
        int[][] matrix = [.. artefacts.Card.Test!["confusion_matrix"]!.AsArray().Select(
            row => row!.AsArray().Select(count => count!.GetValue<int>()).ToArray())];
        int most = Math.Max(1, matrix.Index().Max(row => row.Item.Index().Where(cell => cell.Index != row.Index).Max(cell => cell.Item)));
        List<Html> parts = [Svg.Text(Left + Cell * matrix.Length / 2, 18, "read as"), Svg.Text(
            Left - 30, Top + Cell * matrix.Length / 2, "digit", "end")];
        for (int row = 0; row < matrix.Length; row++)
        {
            parts.Add(Svg.Text(Left + Cell * (row + 0.5), Top - 10, artefacts.Mnist.ClassNames[row], style: "strong"));
            parts.Add(Svg.Text(Left - 10, Top + Cell * (row + 0.5) + 5, artefacts.Mnist.ClassNames[row], "end", "strong"));
            for (int column = 0; column < matrix.Length; column++)
            {
                int count = matrix[row][column];
                double shade = row == column ? 0.08 : 0.75 * count / most;
                parts.Add(Svg.Bar(Left + Cell * column + 1, Top + Cell * row + 1, Cell - 2, Cell - 2, "cell", shade));
                if (count > 0)
                {
                    parts.Add(Svg.Text(
                        Left + Cell * (column + 0.5), Top + Cell * (row + 0.5) + 5, count.ToString(CultureInfo.InvariantCulture),
                        style: row == column ? "" : "strong"));
                }
            }
        }

        return Svg.Write(
            "Confusion matrix over the test images: which digit was read as which", Width, (int)(Top + Cell * matrix.Length + 12), parts);
    }

    /// <summary>How sure the model was against how often it was right; null for a package from before there were bins.</summary>
    internal static string? Reliability(Artefacts artefacts)
    {
        if (artefacts.Card.Test!["reliability"] is not { } reliability)
        {
            return null;
        }

        var parts = new List<Html>();
        Bins(parts, reliability["equal_width"]!, 55, "in steps of equal width");
        Bins(parts, reliability["equal_mass"]!, 415, "in groups of equal size");
        Legend(parts, 55, 300, "the model", "perfect");
        return Svg.Write(
            "Reliability: how sure the model was of its answers, in percent, against the share of them that were right", Width, 315, parts);
    }

    private static void Bins(List<Html> parts, JsonNode bins, double left, string title)
    {
        const double Top = 30;
        const double Side = 210;
        (double X, double Y)[] points =
        [
            .. bins.AsArray().Where(bin => bin!["n"]!.GetValue<int>() > 0).Select(
                bin => (bin!["confidence"]!.GetValue<double>(), bin["accuracy"]!.GetValue<double>())),
        ];
        double low = Math.Floor(points.Min(point => Math.Min(point.X, point.Y)) * 20) / 20;
        double X(double value) => left + Side * (value - low) / (1 - low);
        double Y(double value) => Top + Side * (1 - value) / (1 - low);
        parts.Add(Svg.Text(left, 16, "right, in %, " + title, "start", "strong"));
        for (int i = 0; i <= 2; i++)
        {
            double value = low + (1 - low) * i / 2;
            string label = (100 * value).ToString("0.#", CultureInfo.InvariantCulture);
            parts.Add(Svg.Line(left, Y(value), left + Side, Y(value)));
            parts.Add(Svg.Text(left - 6, Y(value) + 4, label, "end"));
            parts.Add(Svg.Text(X(value), Top + Side + 18, label));
        }

        parts.Add(Svg.Text(left + Side / 2, Top + Side + 38, "how sure, in %"));
        parts.Add(Svg.Path([(X(low), Y(low)), (X(1), Y(1))], "sb"));
        parts.Add(Svg.Path(points.Select(point => (X(point.X), Y(point.Y))), "sa"));
        parts.AddRange(points.Select(point => Svg.Bar(X(point.X) - 3, Y(point.Y) - 3, 6, 6, "a")));
    }

    private static void Panel(List<Html> parts, Artefacts artefacts, double left, string title, string[] keys, bool percent)
    {
        const double Top = 30;
        const double Height = 170;
        const double PanelWidth = 280;
        double?[][] series = [.. keys.Select(key => artefacts.History.Select(epoch => (double?)epoch[key]).ToArray())];
        double[] all = [.. series.SelectMany(values => values).OfType<double>()];
        double high = percent ? 1 : Math.Ceiling(all.Max() * 10) / 10;
        double low = percent ? Math.Floor(all.Min() * 20) / 20 : 0;
        double Y(double value) => Top + Height * (high - value) / (high - low);
        double X(int epoch) => left + PanelWidth * epoch / Math.Max(1, artefacts.History.Count - 1);
        parts.Add(Svg.Text(left, 16, title, "start", "strong"));
        for (int i = 0; i <= 2; i++)
        {
            double value = low + (high - low) * i / 2;
            parts.Add(Svg.Line(left, Y(value), left + PanelWidth, Y(value)));
            string shown = (percent ? 100 * value : value).ToString("0.##", CultureInfo.InvariantCulture);
            parts.Add(Svg.Text(left - 6, Y(value) + 4, shown + (percent ? " %" : ""), "end"));
        }

        for (int epoch = 0; epoch < artefacts.History.Count; epoch++)
        {
            parts.Add(Svg.Text(X(epoch), Top + Height + 20, (epoch + 1).ToString(CultureInfo.InvariantCulture)));
        }

        for (int s = 0; s < series.Length; s++)
        {
            parts.Add(Svg.Path(
                series[s].Index().Where(point => point.Item is not null).Select(point => (X(point.Index), Y(point.Item!.Value))),
                s == 0 ? "sa" : "sb"));
        }
    }

    private static void Legend(List<Html> parts, double x, double y, string first, string second)
    {
        parts.Add(Svg.Bar(x, y - 10, 12, 12, "a"));
        parts.Add(Svg.Text(x + 18, y, first, "start"));
        parts.Add(Svg.Bar(x + 170, y - 10, 12, 12, "b"));
        parts.Add(Svg.Text(x + 188, y, second, "start"));
    }

    private static string Gallery(string title, IEnumerable<(ImageSet Set, int Index, string First, string Second, string Third)> pictures)
    {
        const int PerRow = 6;
        const int Side = 96;
        const int RowHeight = Side + 64;
        var parts = new List<Html>();
        foreach ((int place, var picture) in pictures.Index())
        {
            double x = 12 + place % PerRow * (Width - 12) / (double)PerRow;
            double y = 4 + place / PerRow * RowHeight;
            parts.Add(Svg.Digit(x, y, Side, picture.Set.Image(picture.Index), picture.Set.Height, picture.Set.Width));
            parts.Add(Svg.Text(x + Side / 2, y + Side + 18, picture.First, style: "strong"));
            parts.Add(Svg.Text(x + Side / 2, y + Side + 35, picture.Second, style: "strong"));
            parts.Add(Svg.Text(x + Side / 2, y + Side + 52, picture.Third));
        }

        return Svg.Write(title, Width, RowHeight * ((parts.Count / 4 + PerRow - 1) / PerRow), parts);
    }

    private static double[] Shares(JsonNode counts)
    {
        double[] values = [.. counts.AsArray().Select(count => count!.GetValue<double>())];
        return [.. values.Select(value => value / values.Sum())];
    }
}
