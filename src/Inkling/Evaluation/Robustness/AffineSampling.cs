using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Moves an image: target(u, v) ← source(XX·u + XY·v + X0, YX·u + YY·v + Y0), in pixels from the image's centre, bilinear between pixels;
/// outside the image all is black.
/// </summary>
internal readonly record struct AffineSampling(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    internal void Apply(Span<double> image, Shape shape)
    {
        double[] source = image.ToArray();
        int plane = shape.Height * shape.Width;
        double middleX = (shape.Width - 1) / 2.0;
        double middleY = (shape.Height - 1) / 2.0;
        for (int i = 0; i < image.Length; i++)
        {
            double u = i % shape.Width - middleX;
            double v = i / shape.Width % shape.Height - middleY;
            image[i] = Sample(
                source.AsSpan(i / plane * plane, plane), shape, XX * u + XY * v + X0 + middleX, YX * u + YY * v + Y0 + middleY);
        }
    }

    private static double Sample(ReadOnlySpan<double> plane, Shape shape, double x, double y)
    {
        int left = (int)Math.Floor(x);
        int top = (int)Math.Floor(y);
        double right = x - left;
        double down = y - top;
        double above = (1 - right) * At(plane, shape, left, top) + right * At(plane, shape, left + 1, top);
        double below = (1 - right) * At(plane, shape, left, top + 1) + right * At(plane, shape, left + 1, top + 1);
        return (1 - down) * above + down * below;
    }

    private static double At(ReadOnlySpan<double> plane, Shape shape, int x, int y) =>
        (uint)x < (uint)shape.Width && (uint)y < (uint)shape.Height ? plane[y * shape.Width + x] : 0;
}
