using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Clouds by the diamond-square algorithm on a torus of 256 × 256: from coarse to fine, each new point is the mean of four neighbours plus
/// w·Uniform(−w, w), where w begins at 100 and is divided by the decay at each scale; at the end all is brought to [0, 1].
/// </summary>
/// <remarks>
/// The mean of a new point of the square step is of its corners, that of the diamond step of the four points around it. A point's draw is
/// that of its place.
/// </remarks>
internal sealed class PlasmaFractal
{
    private const int Size = 256;
    private const int Mask = Size - 1;
    private const double FirstWobble = 100;

    private readonly double[] _heights = new double[Size * Size];
    private double _least;
    private double _range;

    private PlasmaFractal()
    {
    }

    internal static PlasmaFractal Draw(double decay, RandomStream random)
    {
        var fractal = new PlasmaFractal();
        uint[] bits = new uint[Size * Size];
        random.Bits(0, bits);
        double wobble = FirstWobble;
        for (int step = Size; step >= 2; step /= 2)
        {
            int half = step / 2;
            fractal.Fill(half, half, step, half, isSquare: true, wobble, bits);
            fractal.Fill(0, half, step, half, isSquare: false, wobble, bits);
            fractal.Fill(half, 0, step, half, isSquare: false, wobble, bits);
            wobble /= decay;
        }

        fractal._least = fractal._heights.Min();
        fractal._range = fractal._heights.Max() - fractal._least;
        return fractal;
    }

    /// <summary>The height at a place of the torus, bilinear between points.</summary>
    internal double At(double x, double y)
    {
        int left = (int)x;
        int top = (int)y;
        double right = x - left;
        double down = y - top;
        double above = (1 - right) * Point(top, left) + right * Point(top, left + 1);
        double below = (1 - right) * Point(top + 1, left) + right * Point(top + 1, left + 1);
        return ((1 - down) * above + down * below - _least) / _range;
    }

    private double Point(int y, int x) => _heights[(y & Mask) * Size + (x & Mask)];

    private void Fill(int firstY, int firstX, int step, int half, bool isSquare, double wobble, uint[] bits)
    {
        for (int y = firstY; y < Size; y += step)
        {
            for (int x = firstX; x < Size; x += step)
            {
                double sum = isSquare
                    ? Point(y - half, x - half) + Point(y - half, x + half) + Point(y + half, x - half) + Point(y + half, x + half)
                    : Point(y - half, x) + Point(y + half, x) + Point(y, x - half) + Point(y, x + half);
                int i = y * Size + x;
                double draw = (bits[i] >> 8) * (1.0 / (1 << 24));
                _heights[i] = sum / 4 + wobble * (2 * draw - 1) * wobble;
            }
        }
    }
}
