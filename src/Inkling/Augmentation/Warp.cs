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
    /// <param name="latticeColumns">Columns of the lattice.</param>
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
        double v = fromTop - (height * 0.5);
        for (int column = 0; column < layout.Width; column++)
        {
            double fromLeft = (column + 0.5) * width / layout.Width;
            double u = fromLeft - (width * 0.5);
            double distance = 1 + (TiltX * u / (width * 0.5)) + (TiltY * v / (height * 0.5));
            double sourceX = ((map.XX * u) + (map.XY * v) + map.X0) / distance;
            double sourceY = ((map.YX * u) + (map.YY * v) + map.Y0) / distance;
            (double right, double down) = Displacement(fromLeft / _spacing, fromTop / _spacing);
            x[column] = (float)(sourceX + right + (width * 0.5) + 0.5);
            y[column] = (float)(sourceY + down + (height * 0.5) + 0.5);
        }
    }

    /// <summary>The spline at a place counted in control points from the corner: Σ wᵢ(s)·wⱼ(t)·point.</summary>
    private (double Right, double Down) Displacement(double s, double t)
    {
        if (_lattice.IsEmpty)
        {
            return default;
        }

        (int column, int row) = ((int)s, (int)t);
        Span<double> across = stackalloc double[4];
        Span<double> along = stackalloc double[4];
        SplineWeights(s - column, across);
        SplineWeights(t - row, along);
        (double right, double down) = (0, 0);
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<float> points = _lattice.Slice((((row + i) * _latticeColumns) + column) * 2, 8);
            right += along[i] * ((across[0] * points[0]) + (across[1] * points[2]) + (across[2] * points[4]) + (across[3] * points[6]));
            down += along[i] * ((across[0] * points[1]) + (across[1] * points[3]) + (across[2] * points[5]) + (across[3] * points[7]));
        }

        return (right, down);
    }

    /// <summary>The four cubic B-splines at a fraction f of the way: (1−f)³/6, (3f³−6f²+4)/6, (−3f³+3f²+3f+1)/6, f³/6.</summary>
    private static void SplineWeights(double f, Span<double> weights)
    {
        double g = 1 - f;
        weights[0] = g * g * g / 6;
        weights[1] = ((((3 * f) - 6) * f * f) + 4) / 6;
        weights[2] = ((((3 * g) - 6) * g * g) + 4) / 6;
        weights[3] = f * f * f / 6;
    }
}
