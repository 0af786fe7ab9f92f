using System.Text.Json.Nodes;
using Inkling.Publishing.Files;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>What using the model takes. What a machine measured is a circumstance.</summary>
internal static class CostSection
{
    internal static Html? Write(ReportFacts facts)
    {
        JsonNode model = facts.Package.Metrics["model"]!;
        return Html.Of(
            $"""
            <dl>
            <dt>trained numbers (parameters)</dt><dd>{model["parameters"]!.GetValue<long>():N0}</dd>
            {Size(model["bytes"])}
            <dt>multiply-adds for one picture</dt><dd>{model["macs"]!.GetValue<long>():N0}</dd>
            {ReportPage.Circumstance(Speed(facts.Package.Metrics[MetricsFile.Speed]))}
            </dl>
            """);
    }

    private static Html Size(JsonNode? bytes) => bytes is null
        ? Html.Empty
        : Html.Of($"<dt>size of the file</dt><dd>{bytes.GetValue<long>() / 1e6:N2} MB</dd>");

    private static Html Speed(JsonNode? speed) => speed is null
        ? Html.Of($"<dt>speed</dt><dd>not measured yet; <code>inkling evaluate</code> measures it</dd>")
        : Html.Of(
            $"""
            <dt>pictures a second</dt><dd>{speed["images_per_second"]!.GetValue<double>():N0}, on {Threads(speed["threads"]!.GetValue<int>())} of the processor that measured it</dd>
            <dt>one picture</dt><dd>{speed["milliseconds_per_image"]!.GetValue<double>():0.###} ms</dd>
            """);

    private static Html Threads(int threads) => threads == 1 ? Html.Of($"one thread") : Html.Of($"{threads:N0} threads");
}
