using System.Text.RegularExpressions;
using Inkling.Evaluation;
using Inkling.Evaluation.Explanations;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>
/// <c>report.html</c>: what a model is worth, for people who know no machine learning, in one file with its charts and pictures inside.
/// </summary>
/// <remarks>Equal models have equal reports, but for what <see cref="Circumstance"/> marks.</remarks>
internal static partial class ReportPage
{
    /// <summary>In the order of the page; each begins with a heading, which it names. One that has nothing to say gives null.</summary>
    private static readonly (string Id, string Title, Func<ReportFacts, Html?> Write)[] Sections =
    [
        ("mistakes", "Which classes it confuses", ConfusionSection.Write),
        ("classes", "Class by class", ClassSection.Write),
        ("sure", "How far its probabilities can be trusted", ReliabilitySection.Write),
        ("silence", "What it gains by saying “not sure”", AbstentionSection.Write),
        ("spoiled", "How it fares on spoiled pictures", CorruptionSection.Write),
        ("gallery", "Every mistake", ErrorSection.Write),
        ("training", "How it learned", TrainingSection.Write),
        ("data", "What it learned from", DataSection.Write),
        ("cost", "What it costs", CostSection.Write),
        ("verify", "How to check all this", VerifySection.Write),
    ];

    /// <summary>The whole document.</summary>
    /// <param name="folder">The package, with everything but the report.</param>
    /// <param name="evaluation">Of the test images; of the validation images if there are no others.</param>
    /// <param name="gallery">Its mistakes.</param>
    internal static string Create(string folder, ModelEvaluation evaluation, ErrorGallery gallery)
    {
        var facts = ReportFacts.Read(folder, evaluation, gallery);
        return MetricsFile.Guard(folder, () => Write(facts));
    }

    private static string Write(ReportFacts facts)
    {
        (string Id, string Title, Html Body)[] sections =
            [.. Sections.Select(section => (section.Id, section.Title, Body: section.Write(facts))).Where(s => s.Body is not null).Select(
                s => (s.Id, s.Title, s.Body!.Value))];
        return Page.Write($"{facts.Package.Name}: how good is it?", Html.Of(
            $"""
            <header>
            <h1>{facts.Package.Name}: how good is it?</h1>
            {SummarySection.Write(facts)}
            </header>
            <nav aria-label="Contents"><ul>{Html.Join(sections.Select(section => Html.Of($"""<li><a href="#{section.Id}">{section.Title}</a></li>""")))}</ul></nav>
            {Html.Join(sections.Select(section => Html.Of($"""
            <section aria-labelledby="{section.Id}">
            <h2 id="{section.Id}">{section.Title}</h2>
            {section.Body}
            </section>

            """)))}
            """), Style);
    }

    /// <summary>The program that writes the page; another version may write it otherwise.</summary>
    internal static Html Product { get; } = Html.Of(
        $"<dt>page made by</dt><dd>Inkling {ProductVersion.Number}, {ProductVersion.Commit}</dd>");

    /// <summary>Whether this very program wrote a report, so that an equal model has to have an equal one.</summary>
    internal static bool IsOfThisProduct(string report) => report.Contains(Product.ToString(), StringComparison.Ordinal);

    /// <summary>
    /// What may differ between the reports of equal models: a time that was measured, a count, the result of another command.
    /// </summary>
    internal static Html Circumstance(Html html) => Html.Of($"<!--circumstance-->{html}<!--/circumstance-->");

    /// <summary>A report without what may differ between equal models.</summary>
    internal static string WithoutCircumstances(string report) => Circumstances().Replace(report, "");

    private static readonly Html Style = Html.Of(
        $$"""

        nav ul { display:flex; flex-wrap:wrap; gap:.2rem 1.1rem; list-style:none; margin:1rem 0 0; padding:0; font-size:.95rem }
        .lead { font-size:1.15rem; max-width:46rem } section > p { max-width:46rem }
        .matrix { width:auto; font-size:.9rem; border-collapse:separate; border-spacing:2px } .matrix th, .matrix td { border:0; border-radius:.25rem; padding:.3rem .4rem; text-align:center; font-variant-numeric:tabular-nums; min-width:2rem }
        .matrix td { background:color-mix(in srgb, var(--heat) var(--v,0%), var(--card)); print-color-adjust:exact } .matrix td.right { background:var(--line) } .matrix tbody th { text-align:right }
        .figures td { white-space:nowrap } .figures tbody th { font-weight:600 }
        .cases { display:grid; grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr)); gap:.75rem; list-style:none; margin:.75rem 0; padding:0 }
        .case { background:var(--card); border:1px solid var(--line); border-radius:.75rem; padding:.8rem .9rem; font-size:.9rem }
        .case h3 { margin:0 0 .5rem; font-size:.95rem } .case p { font-size:.85rem } .views { display:flex; gap:.5rem }
        .case img { display:block; width:100%; aspect-ratio:1; object-fit:contain; background:#8884; image-rendering:pixelated; border-radius:.3rem }
        .view { position:relative; flex:0 0 5rem } .view .veil { position:absolute; inset:0; background:none; image-rendering:auto; object-fit:fill }
        .odds { list-style:none; margin:0; padding:0; flex:1 1 0; min-width:0 } .odds li { display:flex; justify-content:space-between; gap:.4rem; padding:.05rem .35rem; margin-bottom:2px; border-radius:.2rem; overflow-wrap:anywhere;
          background:linear-gradient(90deg, color-mix(in srgb, var(--bar) 45%, transparent) var(--p), transparent 0); print-color-adjust:exact; font-variant-numeric:tabular-nums }
        .like { display:flex; gap:.5rem; list-style:none; margin:.2rem 0 0; padding:0; font-size:.8rem } .like li { flex:0 0 3.4rem; text-align:center; overflow-wrap:anywhere }
        dl { display:grid; grid-template-columns:minmax(0,2fr) minmax(0,3fr); gap:.15rem 1rem; margin:.75rem 0; max-width:46rem } dt { color:var(--soft) } dd { margin:0; font-variant-numeric:tabular-nums; overflow-wrap:anywhere }
        code, pre { font-family:ui-monospace,SFMono-Regular,Consolas,monospace; font-size:.9em } pre { background:var(--card); border:1px solid var(--line); border-radius:.5rem; padding:.6rem .8rem; overflow-x:auto }
        @media (max-width:32rem) { .matrix { font-size:.72rem; border-spacing:1px } .matrix th, .matrix td { padding:.35rem .05rem; min-width:1.55rem } .matrix tbody th { padding-right:.3rem } .figures th, .figures td { padding:.4rem .15rem; font-size:.82rem } .figures thead th { font-size:.75rem } .figures small { font-size:.62rem } }
        @media print { nav { display:none } }
        """);

    [GeneratedRegex("<!--circumstance-->.*?<!--/circumstance-->", RegexOptions.Singleline)]
    private static partial Regex Circumstances();
}
