namespace Inkling.Rendering;

/// <summary>The frame of a report: one file that needs nothing from anywhere, for light and dark, phone and paper.</summary>
internal static class Page
{
    /// <summary>A whole document.</summary>
    /// <param name="title">Of the window.</param>
    /// <param name="body">What is on the page.</param>
    /// <param name="style">What this page's own parts look like, beside what all pages have.</param>
    public static string Write(string title, Html body, Html style = default) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <style>{Style}{style}</style>
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>

        """).ToString();

    private static readonly Html Style = Html.Of(
        $$"""
        :root { --ink:#1c2333; --soft:#5b6478; --paper:#f6f7f9; --card:#fff; --line:#dfe3ea; --accent:#3559c7;
          --passed:#1a7f4b; --note:#3559c7; --warning:#9a6200; --error:#b3261e; --bar:#7d97e6;
          --s0:#3559c7; --s1:#b4470e; --s2:#7a8396; --heat:#e8590c; }
        @media (prefers-color-scheme: dark) { :root { --ink:#e7eaf1; --soft:#9aa4b8; --paper:#12151c; --card:#1b2029; --line:#2d3440;
          --accent:#8ea8ff; --passed:#5fcf96; --note:#8ea8ff; --warning:#f0b454; --error:#ff8a80; --bar:#5a76cf;
          --s0:#8ea8ff; --s1:#ffa066; --s2:#8a93a6; --heat:#ff8a3d; } }
        * { box-sizing:border-box }
        body { margin:0; background:var(--paper); color:var(--ink); font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif }
        main { max-width:68rem; margin:0 auto; padding:1.5rem 1rem 4rem }
        h1 { font-size:1.75rem; line-height:1.2; margin:.5rem 0 } h2 { font-size:1.25rem; margin:2.5rem 0 .75rem } h3 { font-size:1rem; margin:0 }
        p { margin:.35rem 0 } .soft { color:var(--soft) }
        a { color:var(--accent) } a:focus-visible, summary:focus-visible { outline:3px solid var(--accent); outline-offset:2px }
        .tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(9rem,1fr)); gap:.75rem; margin:1rem 0 }
        .tile, .card { background:var(--card); border:1px solid var(--line); border-radius:.75rem; padding:.9rem 1rem }
        .tile b { display:block; font-size:1.5rem; line-height:1.2; font-variant-numeric:tabular-nums }
        .card { margin:.75rem 0; border-left:.3rem solid var(--line) }
        .card.passed { border-left-color:var(--passed) } .card.note { border-left-color:var(--note) }
        .card.warning { border-left-color:var(--warning) } .card.error { border-left-color:var(--error) }
        .head { display:flex; flex-wrap:wrap; gap:.35rem .75rem; align-items:baseline }
        .badge { font-size:.8rem; font-weight:600; border:1px solid currentColor; border-radius:99px; padding:0 .6rem }
        .badge.passed { color:var(--passed) } .badge.note { color:var(--note) } .badge.warning { color:var(--warning) } .badge.error { color:var(--error) }
        .scroll { overflow-x:auto } table { border-collapse:collapse; width:100%; font-size:.95rem }
        th, td { text-align:left; padding:.45rem .6rem; border-bottom:1px solid var(--line); vertical-align:top } td.number, th.number { text-align:right; font-variant-numeric:tabular-nums }
        .pictures { display:grid; grid-template-columns:repeat(auto-fill,minmax(6.5rem,1fr)); gap:.6rem; margin:.75rem 0 0; padding:0; list-style:none }
        .pictures li { font-size:.78rem; line-height:1.3; overflow-wrap:anywhere } .pictures .pair { display:flex; gap:2px }
        .pictures img { width:100%; min-width:0; flex:1 1 0; aspect-ratio:1; object-fit:contain; background:#8884; image-rendering:pixelated; border-radius:.3rem; display:block; margin-bottom:.2rem }
        svg { display:block; width:100%; height:auto } svg text { fill:var(--soft); font-size:12px } svg .bar { fill:var(--bar) } svg .axis { stroke:var(--line) }
        .charts { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr)); gap:.75rem; margin:.75rem 0 }
        .chart { margin:0; max-width:34rem; background:var(--card); border:1px solid var(--line); border-radius:.75rem; padding:.8rem .9rem }
        figcaption { font-weight:600; margin-bottom:.4rem } .axis-title { display:block; font-weight:400; font-size:.85rem; color:var(--soft) }
        .line { fill:none; stroke-width:2; stroke-linejoin:round } .line.s0 { stroke:var(--s0) } .line.s1 { stroke:var(--s1); stroke-dasharray:6 3 } .line.s2 { stroke:var(--s2); stroke-dasharray:1 4; stroke-linecap:round }
        .dot.s0 { fill:var(--s0) } .dot.s1 { fill:var(--card); stroke:var(--s1); stroke-width:1.5 } .dot.s2 { fill:var(--s2) }
        .legend { display:flex; flex-wrap:wrap; gap:.1rem 1rem; list-style:none; margin:.3rem 0 0; padding:0; font-size:.85rem; color:var(--soft) }
        .legend svg { display:inline-block; width:1.5rem; height:.5rem; margin-right:.4rem }
        summary { cursor:pointer; color:var(--accent); margin-top:.5rem }
        @media print { body { background:#fff } .card, .tile, .chart, .case, tr { break-inside:avoid } h2 { break-after:avoid } }
        """);
}
