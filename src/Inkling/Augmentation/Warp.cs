using Inkling.Preprocessing;

namespace Inkling.Augmentation;

/// <summary>
/// What a position goes through besides an <see cref="AffineMap"/>. With a target position (u, v) from the centre and the
/// map's source (x, y): source = (x, y) / (1 + TiltX·u/(W/2) + TiltY·v/(H/2)) + displacement(u, v).
/// </summary>
/// <remarks>
/// The displacement is a uniform cubic B-spline over a lattice of control points: smooth, and nowhere larger than they are.
/// Computed in double precision from rule-1 operations, each pixel on its own; rounded to single precision once.
/// </remarks>
public readonly ref struct Warp
{
    private readonly ReadOnlySpan<float> _lattice;
    private readonly int _latticeColumns;
    private readonly double _spacing;

    /// <summary>A perspective, an elastic distortion, or both.</summary>
    /// <param name="tiltX">What the distance grows by at the right edge, as a fraction; in (−0.5, 0.5).</param>
    /// <param name="tiltY">The same at the lower edge.</param>
    /// <param name="lattice">[rows, columns, 2]: displacement right and down of each control point, in pixels; or empty.</param>
    /// <param name="spacing">Pixels of the original between control points.</param>
    /// <param name="latticeColumns">Columns of the lattice; 0 without one.</param>
    public Warp(double tiltX, double tiltY, ReadOnlySpan<float> lattice, double spacing, int latticeColumns)
    {
        TiltX = tiltX;
        TiltY = tiltY;
        _lattice = lattice;
        _spacing = spacing;
        _latticeColumns = latticeColumns;
    }

    /// <summary>What the distance grows by at the right edge, as a fraction.</summary>
    public double TiltX { get; }

    /// <summary>What the distance grows by at the lower edge, as a fraction.</summary>
    public double TiltY { get; }

    /// <summary>Whether every position stays where the map puts it.</summary>
    public bool IsNone => TiltX == 0 && TiltY == 0 && _lattice.IsEmpty;

    /// <summary>Control points along a side: one before the edge, and two after it.</summary>
    public static int LatticeLength(int pixels, double spacing) => (int)(pixels / spacing) + 4;

    /// <summary>Where one row of the target looks, counted in quads from the plane's corner (pixel centres at 1, 2, …).</summary>
    internal void Positions(in AffineMap map, int row, int height, int width, in PlaneLayout layout, Span<float> x, Span<float> y)
    {
        double fromTop = (row + 0.5) * height / layout.Height;
        double v = fromTop - height * 0.5;
        Span<double> line = stackalloc double[2 * _latticeColumns];
        Blend(fromTop, line);
        for (int column = 0; column < layout.Width; column++)
        {
            double fromLeft = (column + 0.5) * width / layout.Width;
            double u = fromLeft - width * 0.5;
            double distance = 1 + TiltX * u / (width * 0.5) + TiltY * v / (height * 0.5);
            double sourceX = (map.XX * u + map.XY * v + map.X0) / distance;
            double sourceY = (map.YX * u + map.YY * v + map.Y0) / distance;
            (double right, double down) = Displacement(fromLeft, line);
            x[column] = (float)(sourceX + right + width * 0.5 + 0.5);
            y[column] = (float)(sourceY + down + height * 0.5 + 0.5);
        }
    }

    /// <summary>One row's control points: for each column and axis of the lattice, Σ wᵢ(t)·point over four rows of it.</summary>
    private void Blend(double fromTop, Span<double> line)
    {
        line.Clear();
        int first = (int)(fromTop / _spacing);
        SplineWeights weights = new(fromTop / _spacing - first);
        for (int i = 0; i < line.Length && !_lattice.IsEmpty; i++)
        {
            ReadOnlySpan<float> points = _lattice[(first * line.Length + i)..];
            line[i] = weights.Sum(points[0], points[line.Length], points[2 * line.Length], points[3 * line.Length]);
        }
    }

    /// <summary>Σ wⱼ(s)·point over four control points of a row.</summary>
    private (double Right, double Down) Displacement(double fromLeft, ReadOnlySpan<double> line)
    {
        if (_lattice.IsEmpty)
        {
            return default;
        }

        int first = (int)(fromLeft / _spacing);
        SplineWeights weights = new(fromLeft / _spacing - first);
        ReadOnlySpan<double> points = line.Slice(2 * first, 8);
        return (weights.Sum(points[0], points[2], points[4], points[6]), weights.Sum(points[1], points[3], points[5], points[7]));
    }

    /// <summary>The four cubic B-splines at a fraction f of the way: (1−f)³/6, (3f³−6f²+4)/6, (−3f³+3f²+3f+1)/6, f³/6.</summary>
    private readonly struct SplineWeights
    {
        private readonly double _first;
        private readonly double _second;
        private readonly double _third;
        private readonly double _fourth;

        public SplineWeights(double f)
        {
            double g = 1 - f;
            _first = g * g * g / 6;
            _second = ((3 * f - 6) * f * f + 4) / 6;
            _third = ((3 * g - 6) * g * g + 4) / 6;
            _fourth = f * f * f / 6;
        }

        public double Sum(double first, double second, double third, double fourth) =>
            _first * first + _second * second + _third * third + _fourth * fourth;
    }
}
