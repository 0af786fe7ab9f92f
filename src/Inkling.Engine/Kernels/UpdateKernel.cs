using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// What happens to parameters after a batch: the gradients of its chunks are summed, the optimiser moves the parameters,
/// averages follow. All of it element by element, so that any division among threads gives the same bits.
/// </summary>
internal static unsafe class UpdateKernel
{
    /// <summary>destination = sources[0] + sources[1] + …, in index order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sum<TLanes>(float** sources, int count, float* destination, nint start, nint end)
        where TLanes : struct, ILanes<TLanes>
    {
        for (nint i = start; i < end; i += ILanes<TLanes>.Count)
        {
            TLanes sum = TLanes.Load(sources[0] + i);
            for (int source = 1; source < count; source++)
            {
                sum += TLanes.Load(sources[source] + i);
            }

            sum.Store(destination + i);
        }
    }

    /// <summary>
    /// v ← μ·v + g; w ← w·(1 − η·λ) − η·(g + μ·v) with Nesterov's look-ahead, − η·v without.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sgd<TLanes>(
        float* w, float* g, float* v, nint start, nint end, float learningRate, float momentum, bool nesterov, float weightDecay)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes mu = TLanes.Broadcast(momentum);
        TLanes keep = TLanes.Broadcast(1 - learningRate * weightDecay);
        TLanes rate = TLanes.Broadcast(-learningRate);
        for (nint i = start; i < end; i += ILanes<TLanes>.Count)
        {
            TLanes gradient = TLanes.Load(g + i);
            TLanes velocity = TLanes.FusedMultiplyAdd(mu, TLanes.Load(v + i), gradient);
            TLanes direction = nesterov ? TLanes.FusedMultiplyAdd(mu, velocity, gradient) : velocity;
            velocity.Store(v + i);
            TLanes.FusedMultiplyAdd(rate, direction, TLanes.Load(w + i) * keep).Store(w + i);
        }
    }

    /// <summary>v ← μ·v + g; direction ← g + μ·v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Momentum<TLanes>(float* g, float* v, float* direction, nint start, nint end, float momentum)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes mu = TLanes.Broadcast(momentum);
        for (nint i = start; i < end; i += ILanes<TLanes>.Count)
        {
            TLanes gradient = TLanes.Load(g + i);
            TLanes velocity = TLanes.FusedMultiplyAdd(mu, TLanes.Load(v + i), gradient);
            velocity.Store(v + i);
            TLanes.FusedMultiplyAdd(mu, velocity, gradient).Store(direction + i);
        }
    }

    /// <summary>w ← keep·w − rate·direction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Step<TLanes>(float* w, float* direction, nint start, nint end, float rate, float keep)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes factor = TLanes.Broadcast(-rate), kept = TLanes.Broadcast(keep);
        for (nint i = start; i < end; i += ILanes<TLanes>.Count)
        {
            TLanes.FusedMultiplyAdd(factor, TLanes.Load(direction + i), TLanes.Load(w + i) * kept).Store(w + i);
        }
    }

    /// <summary>
    /// m ← β₁·m + (1 − β₁)·g; s ← β₂·s + (1 − β₂)·g²; w ← w·(1 − η·λ) − η·(m/c₁) / (√(s/c₂) + ε), cᵢ = 1 − βᵢᵗ.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AdamW<TLanes>(float* w, float* g, float* m, float* s, nint start, nint end, in AdamWConstants c)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes beta1 = TLanes.Broadcast(c.Beta1);
        TLanes beta2 = TLanes.Broadcast(c.Beta2);
        TLanes rest1 = TLanes.Broadcast(1 - c.Beta1);
        TLanes rest2 = TLanes.Broadcast(1 - c.Beta2);
        TLanes correction1 = TLanes.Broadcast(c.Correction1);
        TLanes correction2 = TLanes.Broadcast(c.Correction2);
        TLanes epsilon = TLanes.Broadcast(c.Epsilon);
        TLanes keep = TLanes.Broadcast(1 - c.LearningRate * c.WeightDecay);
        TLanes rate = TLanes.Broadcast(-c.LearningRate);
        for (nint i = start; i < end; i += ILanes<TLanes>.Count)
        {
            TLanes gradient = TLanes.Load(g + i);
            TLanes first = TLanes.FusedMultiplyAdd(beta1, TLanes.Load(m + i), rest1 * gradient);
            TLanes second = TLanes.FusedMultiplyAdd(beta2, TLanes.Load(s + i), rest2 * gradient * gradient);
            first.Store(m + i);
            second.Store(s + i);
            TLanes direction = first / correction1 / (TLanes.SquareRoot(second / correction2) + epsilon);
            TLanes.FusedMultiplyAdd(rate, direction, TLanes.Load(w + i) * keep).Store(w + i);
        }
    }

    /// <summary>average ← average + weight·(value − average).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Average<TLanes>(float* value, float* average, nint start, nint end, float weight)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes factor = TLanes.Broadcast(weight);
        for (nint i = start; i < end; i += ILanes<TLanes>.Count)
        {
            TLanes old = TLanes.Load(average + i);
            TLanes.FusedMultiplyAdd(factor, TLanes.Load(value + i) - old, old).Store(average + i);
        }
    }
}

/// <summary>The constants of one AdamW step; names as in <see cref="UpdateKernel.AdamW"/>.</summary>
internal readonly record struct AdamWConstants(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, float Correction1, float Correction2);
