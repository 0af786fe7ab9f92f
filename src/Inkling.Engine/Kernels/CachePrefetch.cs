using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Inkling.Engine;

/// <summary>Asks for pixels before they are needed. A hint: it never faults and changes no result.</summary>
internal static unsafe class CachePrefetch
{
    /// <summary>A rectangle of pixels of sixteen lanes each; may reach beyond the tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Pixels(float* first, nint rowStride, int rows, int columns)
    {
        if (Sse.IsSupported)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    Sse.Prefetch0(first + row * rowStride + column * Tensor.BlockLanes);
                }
            }
        }
    }
}
