using Inkling.Statistics;

namespace Inkling.Quality;

/// <summary>Whether every image can be seen: not blank, faint, blurred, clipped, off the centre or cut off.</summary>
/// <remarks>
/// What is usual differs between datasets: most thresholds are multiples of the dataset's own median, so that a check is
/// silent where all images are alike. They were set on MNIST's and Fashion-MNIST's training images.
/// </remarks>
internal static class ClarityChecks
{
    private const float BlankRange = 8;
    private const float FaintRange = 64;
    private const float BlurShare = 0.12f;
    private const float ClippedMore = 0.5f;
    private const float OffCenterMore = 0.15f;
    private const float InkLess = 0.15f;
    private const float InkMore = 4;

    /// <summary>Images on whose border there is ink are odd only where few are like that.</summary>
    private const double FewTouch = 0.02;
    private const float Touching = 0.1f;

    public static bool IsBlank(ImageProperties properties) => properties.Range <= BlankRange;

    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        ImageProperties[] all = context.Properties;
        ImageProperties median = Medians(all);
        bool plain = context.HasPlainBackground;
        yield return Check(context, "blank", "Blank", IsBlank, p => $"range {p.Range:F0}", p => p.Range, "show nothing", Verdict.Warning);
        yield return Check(context, "low_contrast", "Low contrast", p => p.Range is > BlankRange and < FaintRange, p => $"range {p.Range:F0} of 255", p => p.Range, "are faint");
        yield return Check(
            context, "blurred", "Blurred", p => p.Range > BlankRange && p.Sharpness < BlurShare * median.Sharpness,
            p => $"sharpness {p.Sharpness / median.Sharpness:P0} of the median", p => p.Sharpness, "have far softer edges than usual");
        yield return Check(
            context, "clipped", "Clipped", p => p.Range > BlankRange && p.Clipped > median.Clipped + ClippedMore,
            p => $"{p.Clipped:P0} of the pixels at 0 or 255", p => -p.Clipped, "are black or white far more than usual");
        yield return Check(
            context, "off_center", "Off the centre", p => plain && p.Range > BlankRange && p.OffCenter > median.OffCenter + OffCenterMore,
            p => $"{p.OffCenter:P0} of a side off", p => -p.OffCenter, "stand far from the centre");
        yield return Check(
            context, "little_ink", "Too little ink", p => plain && p.Range > BlankRange && p.Ink < InkLess * median.Ink,
            p => $"{p.Ink / median.Ink:P0} of the median", p => p.Ink, "have far less ink than usual");
        yield return Check(
            context, "much_ink", "Too much ink", p => plain && p.Ink > InkMore * median.Ink,
            p => $"{p.Ink / median.Ink:F1} times the median", p => -p.Ink, "have far more ink than usual");
        bool isRare = all.Count(p => p.Border > Touching) <= FewTouch * all.Length;
        yield return Check(
            context, "touches_border", "Touching the border", p => plain && isRare && p.Border > Touching,
            p => $"{p.Border:P0} of the border", p => -p.Border, "run into the border, which is unusual here");
    }

    private static QualityCheck Check(
        QualityContext context, string id, string title, Func<ImageProperties, bool> isFound, Func<ImageProperties, string> note,
        Func<ImageProperties, float> order, string what, Verdict verdict = Verdict.Note)
    {
        (int, string)[] found =
        [
            .. Enumerable.Range(0, context.Properties.Length)
                .Where(i => isFound(context.Properties[i]))
                .OrderBy(i => order(context.Properties[i]))
                .Select(i => (i, note(context.Properties[i]))),
        ];
        return context.Count(id, title, "all", found, verdict, what, "Look at them; leave out what nobody could name.");
    }

    private static ImageProperties Medians(ImageProperties[] all) => new(
        0, 0, 0, SampleStatistics.Median(all.Select(p => p.Sharpness)), SampleStatistics.Median(all.Select(p => p.Clipped)), 0,
        SampleStatistics.Median(all.Select(p => p.Ink)), SampleStatistics.Median(all.Select(p => p.OffCenter)), 0);
}
