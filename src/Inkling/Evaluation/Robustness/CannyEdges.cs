using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Edges alone, 1 on 0, by Canny: a Gaussian of deviation 1, Sobel gradients, points whose gradient is the largest along its direction, and
/// of
/// these the connected ones of at least 0.1 that hold one of at least 0.2. Of a colour image, the edges of its channels' mean.
/// </summary>
/// <remarks>
/// As scikit-image does it: outside the image the Gaussian has no weight, gradients repeat the edge's pixels, the border has no edges.
/// Source: J. Canny, "A computational approach to edge detection", 1986.
/// </remarks>
internal sealed record CannyEdges() : ImageCorruption("canny_edges", null)
{
    private const double Deviation = 1;
    private const double Low = 0.1;
    private const double High = 0.2;

    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        int plane = Plane(shape);
        double[] grey = new double[plane];
        for (int i = 0; i < image.Length; i++)
        {
            grey[i % plane] += image[i] / shape.Channels;
        }

        bool[] edges = Find(grey, shape.Height, shape.Width, Unit(shape));
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = edges[i % plane] ? 1 : 0;
        }
    }

    private static bool[] Find(double[] plane, int height, int width, double unit)
    {
        new GaussianFilter(Deviation * unit, isBounded: true).Apply(plane, height, width);
        double[] right = new double[plane.Length];
        double[] down = new double[plane.Length];
        double[] size = new double[plane.Length];
        for (int i = 0; i < plane.Length; i++)
        {
            (right[i], down[i]) = Sobel(plane, height, width, i % width, i / width);
            size[i] = Math.Sqrt(right[i] * right[i] + down[i] * down[i]);
        }

        bool[] isWeak = new bool[plane.Length];
        var strong = new Stack<int>();
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = 1; x < width - 1; x++)
            {
                int i = y * width + x;
                isWeak[i] = size[i] >= Low && IsPeak(size, width, i, right[i], down[i]);
                if (isWeak[i] && size[i] >= High)
                {
                    strong.Push(i);
                }
            }
        }

        return Connected(isWeak, strong, width);
    }

    private static (double Right, double Down) Sobel(double[] plane, int height, int width, int x, int y)
    {
        double At(int dx, int dy) =>
            plane[Math.Clamp(y + dy, 0, height - 1) * width + Math.Clamp(x + dx, 0, width - 1)];
        return (
            At(1, -1) - At(-1, -1) + 2 * (At(1, 0) - At(-1, 0)) + At(1, 1) - At(-1, 1),
            At(-1, 1) - At(-1, -1) + 2 * (At(0, 1) - At(0, -1)) + At(1, 1) - At(1, -1));
    }

    /// <summary>
    /// Whether the gradient is at least as large as a pixel further along its direction and against it, linear between neighbours.
    /// </summary>
    private static bool IsPeak(double[] size, int width, int i, double right, double down)
    {
        double across = Math.Abs(right);
        double along = Math.Abs(down);
        int diagonal = (right * down >= 0 ? 1 : -1) + width;
        bool isSteep = along >= across;
        int straight = isSteep ? width : right * down >= 0 ? 1 : -1;
        double weight = isSteep ? across / along : along / across;
        return Between(size[i + straight], size[i + diagonal], weight) <= size[i]
            && Between(size[i - straight], size[i - diagonal], weight) <= size[i];
    }

    private static double Between(double straight, double diagonal, double weight) => diagonal * weight + straight * (1 - weight);

    private static bool[] Connected(bool[] isWeak, Stack<int> strong, int width)
    {
        bool[] isEdge = new bool[isWeak.Length];
        while (strong.TryPop(out int i))
        {
            if (!isWeak[i] || isEdge[i])
            {
                continue;
            }

            isEdge[i] = true;
            foreach (int neighbour in (ReadOnlySpan<int>)[-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1])
            {
                strong.Push(i + neighbour);
            }
        }

        return isEdge;
    }
}
