namespace Inkling.Imaging;

/// <summary>The integer weights that take a line of <see cref="SourceSize"/> pixels to one of <see cref="Size"/>.</summary>
/// <remarks>
/// Every double operation below is in Pillow's order, without fused multiply-adds: the weights' last bit decides
/// which way a pixel rounds.
/// </remarks>
public sealed class TriangleFilter
{
    /// <summary>32 bits less 8 for the pixel and 2 for overshoot, as in Pillow.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>What a sum starts from, so that the final shift rounds to nearest.</summary>
    public const int Half = 1 << (PrecisionBits - 1);

    private readonly int[] _first;
    private readonly int[][] _weights;

    /// <summary>Computes the weights.</summary>
    /// <param name="sourceSize">Pixels of the line; at least 1.</param>
    /// <param name="size">Pixels to make of it; at least 1.</param>
    public TriangleFilter(int sourceSize, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);

        SourceSize = sourceSize;
        Size = size;
        _first = new int[size];
        _weights = new int[size][];

        double scale = (double)sourceSize / size;
        double halfWidth = Math.Max(scale, 1);
        for (int i = 0; i < size; i++)
        {
            double center = (i + 0.5) * scale;
            _first[i] = Math.Max((int)(center - halfWidth + 0.5), 0);
            int end = Math.Min((int)(center + halfWidth + 0.5), sourceSize);
            _weights[i] = Normalize(Triangle(_first[i], end, center, 1 / halfWidth));
        }
    }

    /// <summary>Pixels of the line.</summary>
    public int SourceSize { get; }

    /// <summary>Pixels made of it.</summary>
    public int Size { get; }

    /// <summary>First source pixel under output pixel <paramref name="i"/>.</summary>
    public int First(int i) => _first[i];

    /// <summary>Weights of the source pixels from <see cref="First"/> on, in units of 2⁻²².</summary>
    public ReadOnlySpan<int> Weights(int i) => _weights[i];

    /// <summary>A weighted sum that began with <see cref="Half"/>, as a pixel.</summary>
    public static byte ToByte(int sum) => (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);

    private static double[] Triangle(int begin, int end, double center, double inverseHalfWidth)
    {
        double[] values = new double[end - begin];
        for (int x = 0; x < values.Length; x++)
        {
            double distance = Math.Abs((x + begin - center + 0.5) * inverseHalfWidth);
            values[x] = distance < 1 ? 1 - distance : 0;
        }

        return values;
    }

    private static int[] Normalize(double[] values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        int[] integers = new int[values.Length];
        for (int x = 0; x < values.Length; x++)
        {
            integers[x] = (int)(0.5 + values[x] / sum * (1 << PrecisionBits));
        }

        // Zeros at the end add nothing; without them enlarging has two taps, not three.
        return integers.AsSpan().TrimEnd(0).ToArray();
    }
}
