using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Inkling.Hub;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Publishing.Files;
using Inkling.Serialization;

namespace Inkling.Publishing;

/// <summary>What must never be published: all faults of a package folder at once.</summary>
internal static partial class PublicationFaults
{
    /// <summary>The Hub's own limit of a file.</summary>
    private const long MaxFileBytes = 50_000_000_000;

    private const int ScanBlock = 1 << 20;
    private const int ScanOverlap = 256;

    /// <summary>Looks through a folder.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="token">The publisher's own token, which must not be in it; null without one.</param>
    /// <exception cref="ModelFormatException">It is no sound package, or must not be published as it is.</exception>
    internal static void Check(string folder, HubToken? token)
    {
        // First of all: it opens, and its files are those of its lock.
        using TrainedPackage package = TrainedPackage.Open(folder);
        var faults = new List<string>();
        foreach (FileSystemInfo entry in Entries(new DirectoryInfo(folder)))
        {
            string name = Path.GetRelativePath(folder, entry.FullName).Replace('\\', '/');
            if (entry.LinkTarget is not null)
            {
                faults.Add($"{name}: a link; a package has its files itself");
            }
            else if (entry is FileInfo file)
            {
                faults.AddRange(FileFaults(name, file, token));
            }
        }

        // What a link points to is not looked into.
        if (faults.Count == 0)
        {
            faults.AddRange(CardFaults(Path.Combine(folder, PackageFiles.Card)));
            faults.AddRange(MetricsFaults(folder, package));
        }

        if (faults.Count == 0)
        {
            faults.AddRange(OnnxFaults(folder, package));
        }

        if (faults.Count > 0)
        {
            throw new ModelFormatException(
                folder, "a package fit to be published", string.Join("; ", faults), "Mend it and publish again; nothing was sent.");
        }
    }

    /// <summary>All that is in a folder; links are named and not followed, since one may lead to the whole machine.</summary>
    private static IEnumerable<FileSystemInfo> Entries(DirectoryInfo folder) =>
        folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).SelectMany(
            entry => entry is DirectoryInfo { LinkTarget: null } below ? Entries(below).Prepend(entry) : [entry]);

    private static IEnumerable<string> FileFaults(string name, FileInfo file, HubToken? token)
    {
        if (!PackageFiles.Belongs(name))
        {
            return [$"{name}: a file that doesn't belong to a package"];
        }

        if (file.Length > MaxFileBytes)
        {
            return [string.Create(
                CultureInfo.InvariantCulture, $"{name}: {file.Length} bytes, where the Hub takes at most {MaxFileBytes}")];
        }

        // Weights are numbers: only their names could hold a path, and random bytes look like anything.
        bool isText = Path.GetExtension(name) is ".md" or ".json" or ".jsonl" or ".html";
        return Scan(file.FullName, text => Leak(text, isText), token).Distinct().Select(leak => $"{name}: {leak}");
    }

    private static IEnumerable<string> Scan(string path, Func<string, string?> leak, HubToken? token)
    {
        using FileStream file = File.OpenRead(path);
        byte[] block = new byte[ScanBlock + ScanOverlap];
        int kept = 0;
        for (int read; (read = file.Read(block, kept, ScanBlock)) > 0;)
        {
            int length = kept + read;
            if (token?.IsIn(block.AsSpan(0, length)) == true)
            {
                yield return "your own token";
            }
            else if (leak(Encoding.Latin1.GetString(block, 0, length)) is { } found)
            {
                yield return found;
            }

            // What lies across two blocks is seen whole in the second.
            kept = Math.Min(ScanOverlap, length);
            block.AsSpan(length - kept, kept).CopyTo(block);
        }
    }

    private static string? Leak(string text, bool isText) =>
        Secret().IsMatch(text) ? "something that looks like a secret"
        : isText && AbsolutePath().Match(text) is { Success: true } path ? $"a path of a machine ({path.Groups["path"].Value})"
        : null;

    private static IEnumerable<string> CardFaults(string path)
    {
        if (!File.Exists(path))
        {
            return [$"{PackageFiles.Card}: missing; a published model has a card with its licence"];
        }

        string? frontMatter = FrontMatter(File.ReadAllText(path));
        return frontMatter is null ? [$"{PackageFiles.Card}: no front matter between two lines of ---"]
            : Licence().IsMatch(frontMatter) ? []
            : [$"{PackageFiles.Card}: no licence in its front matter"];
    }

    /// <summary>Figures that aren't those of the model beside them.</summary>
    private static IEnumerable<string> MetricsFaults(string folder, TrainedPackage package)
    {
        string path = Path.Combine(folder, PackageFiles.Metrics);
        if (!File.Exists(path))
        {
            yield return $"{PackageFiles.Metrics}: missing; a published model has its figures. Make them: inkling evaluate";
            yield break;
        }

        JsonObject metrics = MetricsFile.Read(path);
        var model = metrics["model"] as JsonObject;
        if (Text(model?["sha256"]) != package.Lock.Files[PackageFiles.Weights])
        {
            yield return $"{PackageFiles.Metrics}: figures of another {PackageFiles.Weights}";
        }

        if (Number(model?["parameters"]) != package.Weights.Network.ParameterCount)
        {
            yield return $"{PackageFiles.Metrics}: another number of parameters than the network has";
        }

        foreach ((string split, JsonNode? section) in metrics)
        {
            if (section is JsonObject figures && figures.ContainsKey("confusion_matrix"))
            {
                foreach (JsonDifference difference in MetricsSection.Contradictions(figures))
                {
                    yield return $"{PackageFiles.Metrics}: {split}{difference.Path[1..]} is {difference.First}, its confusion_matrix gives {difference.Second}";
                }
            }
        }

        string card = Path.Combine(folder, PackageFiles.Card);
        foreach ((string metric, string value) in File.Exists(card) ? CardFigures(File.ReadAllText(card)) : [])
        {
            double rounding = 0.5 * Unit(value) * (1 + 1e-6);
            double? measured = Number((metrics["test"] as JsonObject)?[metric == "accuracy" ? metric : metric + "_macro"]);
            if (measured is null || !(Math.Abs(double.Parse(value, CultureInfo.InvariantCulture) - measured.Value) <= rounding))
            {
                yield return $"{PackageFiles.Card}: {metric} {value} in its front matter is not that of {PackageFiles.Metrics}";
            }
        }
    }

    /// <summary>Exports of other weights: the lock's hash says what a file is, not what it ought to be.</summary>
    private static IEnumerable<string> OnnxFaults(string folder, TrainedPackage package)
    {
        var model = MetricsFile.Read(Path.Combine(folder, PackageFiles.Metrics))["model"] as JsonObject;
        if (Number(model?["image_height"]) is not (>= 1 and <= InputRecipe.MaxSide and var height)
            || Number(model?["image_width"]) is not (>= 1 and <= InputRecipe.MaxSide and var width))
        {
            return [$"{PackageFiles.Metrics}: no image_height and image_width from 1 to {InputRecipe.MaxSide}"];
        }

        return OnnxFiles.Create(package, (int)height, (int)width).All
            .Where(file => File.Exists(Path.Combine(folder, file.Name)) && !File.ReadAllBytes(Path.Combine(folder, file.Name)).AsSpan()
                .SequenceEqual(file.Bytes))
            .Select(file => $"{file.Name}: not what {PackageFiles.Weights} gives. Make it anew: inkling export {folder}");
    }

    /// <summary>One in the last place of a decimal number.</summary>
    private static double Unit(string number)
    {
        int point = number.IndexOf('.', StringComparison.Ordinal);
        return double.Parse(
            string.Create(CultureInfo.InvariantCulture, $"1e-{(point < 0 ? 0 : number.Length - point - 1)}"), CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(string Metric, string Value)> CardFigures(string card) =>
        Figure().Matches(FrontMatter(card) ?? "").Select(match => (match.Groups["metric"].Value, match.Groups["value"].Value));

    private static string? FrontMatter(string card)
    {
        string text = card.ReplaceLineEndings("\n");
        int end = text.StartsWith("---\n", StringComparison.Ordinal) ? text.IndexOf("\n---", 3, StringComparison.Ordinal) : -1;
        return end < 0 ? null : text[4..Math.Max(end, 4)];
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    [GeneratedRegex(@"hf_[A-Za-z0-9]{30,}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,}|AKIA[0-9A-Z]{16}|xox[abprs]-[0-9A-Za-z-]{20,}|sk-[A-Za-z0-9_-]{40,}|npm_[A-Za-z0-9]{36}|-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(^|[\s""'`(=>,:])(?<path>(/(home|root|Users|tmp|var|work|mnt|private|usr|opt)/[\w.\-/]+)|[A-Za-z]:\\+(Users|Windows|Temp|Documents)[\w.\-\\]+|file:///[\w.\-/]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex AbsolutePath();

    [GeneratedRegex(@"^license:[ \t]*[\w""']", RegexOptions.Multiline)]
    private static partial Regex Licence();

    // "type: accuracy" and "value: 0.99" are neighbours in either order, in block or flow style.
    [GeneratedRegex(@"type:\s*(?<metric>accuracy|precision|recall|f1)\s*[,\n][^}\-]{0,60}?value:\s*(?<value>\d*\.?\d+)|value:\s*(?<value>\d*\.?\d+)\s*[,\n][^}\-]{0,60}?type:\s*(?<metric>accuracy|precision|recall|f1)\b")]
    private static partial Regex Figure();
}
