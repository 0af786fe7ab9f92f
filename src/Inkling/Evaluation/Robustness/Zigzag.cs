using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// A zigzag over the writing, along the line from (2, r₀) to (25, r₁), r₀ drawn from 0 to 26 and r₁ − r₀ from −5 to 4: along it, turns
/// every 4
/// pixels, 2 pixels to one side and to the other.
/// </summary>
internal sealed record Zigzag() : ImageCorruption("zigzag", null)
{
    private const double FirstColumn = 2;
    private const double LastColumn = 25;
    private const double HalfLength = 2;
    private const double Width = 2;

    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        double row = random.Integer(0, 27);
        double rise = random.Integer(1, 10) - 5;
        double length = Math.Sqrt((LastColumn - FirstColumn) * (LastColumn - FirstColumn) + rise * rise);
        double cosine = (LastColumn - FirstColumn) / length;
        double sine = rise / length;
        (double X, double Y) from = (FirstColumn, row);
        foreach ((double along, double aside) in Turns(length))
        {
            (double X, double Y) to = (FirstColumn + along * cosine - aside * sine, row + along * sine + aside * cosine);
            LinePainter.Paint(image, shape, from, to, _ => true);
            from = to;
        }
    }

    private static IEnumerable<(double Along, double Aside)> Turns(double length)
    {
        double aside = 0;
        int turns = (int)Math.Floor((length - HalfLength) / (2 * HalfLength)) + 1;
        for (int i = 0; i < turns; i++)
        {
            aside = i % 2 == 0 ? Width : -Width;
            yield return ((2 * i + 1) * HalfLength, aside);
        }

        double whole = 2 * HalfLength * Math.Floor(length / (2 * HalfLength));
        if (length > whole)
        {
            yield return (length, aside / (2 * (length - whole)));
        }
    }
}
