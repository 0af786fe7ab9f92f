using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>Runs kernels with one kind of vector registers. Every kind gives the same bits.</summary>
internal sealed class KernelSet
{
    private static readonly Lazy<KernelSet> Set512 = new(() => new(new RegisterTile.Table<Lanes512>(TileLimits.For(Simd.Vector512))));
    private static readonly Lazy<KernelSet> Set256 = new(() => new(new RegisterTile.Table<Lanes256>(TileLimits.For(Simd.Vector256))));
    private static readonly Lazy<KernelSet> Set128 = new(() => new(new RegisterTile.Table<Lanes128>(TileLimits.For(Simd.Vector128))));

    private readonly object _tiles;
    private readonly IKernelExecutor? _executor;

    private KernelSet(object tiles, IKernelExecutor? executor = null) => (_tiles, _executor) = (tiles, executor);

    /// <summary>Threads that may work on one call.</summary>
    internal int Threads => _executor?.Threads ?? 1;

    internal static KernelSet For(Simd simd) => simd switch
    {
        Simd.Vector512 => Set512.Value,
        Simd.Vector256 => Set256.Value,
        _ => Set128.Value,
    };

    /// <summary>The same kernels, run as an executor decides.</summary>
    internal KernelSet RunBy(IKernelExecutor executor) => new(_tiles, executor);

    internal void Run<TCall>(in TCall call)
        where TCall : struct, IKernelCall
    {
        if (_executor is null)
        {
            RunPart(call, WorkPart.Whole);
        }
        else
        {
            _executor.Run(this, call);
        }
    }

    /// <summary>Runs a part of a call on this thread.</summary>
    /// <remarks>A virtual call that is generic would be looked up at run time; the type tests cost a comparison each.</remarks>
    internal void RunPart<TCall>(in TCall call, WorkPart part)
        where TCall : struct, IKernelCall
    {
        // Calls change nothing of themselves, but their interface doesn't say so: the compiler would copy them first.
        ref TCall original = ref Unsafe.AsRef(in call);
        switch (_tiles)
        {
            case RegisterTile.Table<Lanes512> tiles:
                original.Run(tiles, part);
                break;
            case RegisterTile.Table<Lanes256> tiles:
                original.Run(tiles, part);
                break;
            case RegisterTile.Table<Lanes128> tiles:
                original.Run(tiles, part);
                break;
        }
    }
}
