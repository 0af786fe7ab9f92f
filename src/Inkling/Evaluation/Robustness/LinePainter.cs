using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Paints lines over an image: x ← min(x + c, 1) with c = max(0, 1 + ln(1 − d/2.3)), d the distance to the line along its column, at most
/// 2.3 − 10⁻¹⁰. Places are those of an image of 28 × 28, its first row and column 0.
/// </summary>
internal static class LinePainter
{
    private const double Side = 28;
    private const double Reach = 2.3;

    /// <summary>Paints from one place to another, over the columns from ⌊x0⌋ to below ⌈x1⌉ that are wanted.</summary>
    internal static void Paint(
        Span<double> image, Shape shape, (double X, double Y) from, (double X, double Y) to, Func<int, bool> isWanted)
    {
        double slope = (to.Y - from.Y) / (to.X - from.X);
        for (int i = 0; i < image.Length; i++)
        {
            int pixel = i % shape.Width;
            int column = (int)(pixel * Side / shape.Width);
            if (column < Math.Floor(from.X) || column >= Math.Ceiling(to.X) || !isWanted(column))
            {
                continue;
            }

            double x = (pixel + 0.5) * Side / shape.Width - 0.5;
            double y = (i / shape.Width % shape.Height + 0.5) * Side / shape.Height - 0.5;
            double distance = Math.Min(Math.Abs(y - (slope * (x - from.X) + from.Y)), Reach - 1e-10);
            image[i] = Math.Min(image[i] + Math.Max(0, 1 + DeterministicMath.Log(1 - distance / Reach)), 1);
        }
    }
}
