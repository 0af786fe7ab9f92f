using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inkling.Engine;

/// <summary>
/// Exchanges rows and columns of 16×16 values, four by four in registers. Nothing is computed, so any order gives the same bits.
/// </summary>
internal static unsafe class Transposition
{
    private const int Size = Tensor.BlockLanes;
    private const int Step = 4;

    /// <param name="source">[16, 16].</param>
    /// <param name="destination">[16, 16], another place.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Square(float* source, float* destination)
    {
        for (int column = 0; column < Size; column += Step)
        {
            for (int row = 0; row < Size; row += Step)
            {
                FourByFour(source + row * Size + column, destination + column * Size + row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* source, float* destination)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + Size);
        Vector128<float> c = Vector128.Load(source + 2 * Size), d = Vector128.Load(source + 3 * Size);

        Exchange(Vector128.Create(-1, 0, -1, 0), Vector128.Create(0, 0, 2, 2), Vector128.Create(1, 1, 3, 3), ref a, ref b);
        Exchange(Vector128.Create(-1, 0, -1, 0), Vector128.Create(0, 0, 2, 2), Vector128.Create(1, 1, 3, 3), ref c, ref d);
        Exchange(Vector128.Create(-1, -1, 0, 0), Vector128.Create(0, 1, 0, 1), Vector128.Create(2, 3, 2, 3), ref a, ref c);
        Exchange(Vector128.Create(-1, -1, 0, 0), Vector128.Create(0, 1, 0, 1), Vector128.Create(2, 3, 2, 3), ref b, ref d);
        a.Store(destination);
        b.Store(destination + Size);
        c.Store(destination + 2 * Size);
        d.Store(destination + 3 * Size);
    }

    /// <summary>The values of the upper row that have to go down change places with those of the lower row that have to go up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(
        Vector128<int> stay, Vector128<int> up, Vector128<int> down, ref Vector128<float> upper, ref Vector128<float> lower)
    {
        Vector128<float> first = Vector128.ConditionalSelect(stay.AsSingle(), upper, Vector128.Shuffle(lower, up));
        lower = Vector128.ConditionalSelect(stay.AsSingle(), Vector128.Shuffle(upper, down), lower);
        upper = first;
    }
}
