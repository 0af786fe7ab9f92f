using Inkling.Packages;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>How anybody finds out whether the report is true.</summary>
internal static class VerifySection
{
    internal static Html? Write(ReportFacts facts) => Html.Of(
        $"""
        <p>Nobody has to believe this page. The model can be built again from its recipe, its data and a starting number, on any computer, and has to come out the same to the last byte;
        so do these figures and this page, apart from times, the count of openings and what other commands have added.</p>
        <pre><code>inkling verify FOLDER</code></pre>
        <dl>
        <dt>model</dt><dd><code>{facts.Package.Metrics["model"]!["sha256"]!.GetValue<string>()}</code></dd>
        <dt>recipe and seed</dt><dd>{facts.Package.Lock.Recipe.Name}, {facts.Package.Lock.Seed}</dd>
        <dt>numeric contract</dt><dd>{facts.Package.Lock.Contract}</dd>
        <dt>training data</dt><dd><code>{facts.Package.Lock.Data.Fingerprints.Train}</code></dd>
        {ReportPage.Product}
        {Openings(facts)}</dl>
        <p>Nothing was chosen by the test pictures: they stay sealed until training is over, and <code>{PackageFiles.Lock}</code> counts how often they were opened.</p>
        """);

    private static Html Openings(ReportFacts facts) => facts.IsTest
        ? ReportPage.Circumstance(
            Html.Of($"<dt>test pictures opened</dt><dd>{ReportFacts.Times(facts.Package.Lock.TestOpenings)} for this model</dd>"))
        : Html.Empty;
}
