using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>What happens to a convolution's outputs while they are in cache: fma(y, scale, shift) per channel, then max(y, 0).</summary>
/// <param name="scale">[⌈OC/16⌉·16], or null where nothing is scaled.</param>
/// <param name="shift">The same.</param>
/// <param name="rectifies">Whether negative results become 0.</param>
internal readonly unsafe struct Epilogue(float* scale, float* shift, bool rectifies)
{
    /// <summary>Rectification alone.</summary>
    internal static Epilogue Rectification { get; } = new(null, null, rectifies: true);

    internal float* Scale => scale;

    internal float* Shift => shift;

    internal bool Rectifies => rectifies;

    internal bool IsNone => scale is null && !rectifies;

    /// <summary>Applied in place to pixels of one block of channels.</summary>
    /// <param name="block">Block of channels.</param>
    /// <param name="pixels">First pixel.</param>
    /// <param name="count">Number of pixels.</param>
    /// <param name="step">Floats between them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Apply<TLanes>(int block, float* pixels, int count, int step)
        where TLanes : struct, ILanes<TLanes>
    {
        if (scale is null)
        {
            for (int i = 0; i < count; i++, pixels += step)
            {
                TLanes.Rectify(TLanes.Load(pixels)).Store(pixels);
            }

            return;
        }

        TLanes factor = TLanes.Load(scale + block * Tensor.BlockLanes);
        TLanes addend = TLanes.Load(shift + block * Tensor.BlockLanes);
        for (int i = 0; i < count; i++, pixels += step)
        {
            TLanes value = TLanes.FusedMultiplyAdd(TLanes.Load(pixels), factor, addend);
            (rectifies ? TLanes.Rectify(value) : value).Store(pixels);
        }
    }
}
