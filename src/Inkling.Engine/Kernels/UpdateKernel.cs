using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>destination = sources[0] + sources[1] + …, in index order: the gradients of a batch's chunks.</summary>
/// <remarks>
/// This and what follows happens to parameters after a batch. All of it goes element by element, from <paramref name="start"/> to
/// <paramref name="end"/>, so that any division among threads gives the same bits.
/// </remarks>
internal readonly unsafe struct GradientSum(float** sources, int count, float* destination, nint start, nint end) : IKernelCall
{
    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        float** terms = sources;
        float* sums = destination;
        int termCount = count;
        nint last = end;
        for (nint i = start; i < last; i += ILanes<TLanes>.Count)
        {
            TLanes sum = TLanes.Load(terms[0] + i);
            for (int term = 1; term < termCount; term++)
            {
                sum += TLanes.Load(terms[term] + i);
            }

            sum.Store(sums + i);
        }
    }
}

/// <summary>v ← μ·v + g; w ← w·(1 − η·λ) − η·(g + μ·v) with Nesterov's look-ahead, − η·v without.</summary>
internal readonly unsafe struct SgdUpdate(
    float* w, float* g, float* v, nint start, nint end, float learningRate, float momentum, bool nesterov, float weightDecay) : IKernelCall
{
    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        float* weights = w, gradients = g, velocities = v;
        bool looksAhead = nesterov;
        nint last = end;
        TLanes mu = TLanes.Broadcast(momentum);
        TLanes keep = TLanes.Broadcast(1 - learningRate * weightDecay);
        TLanes rate = TLanes.Broadcast(-learningRate);
        for (nint i = start; i < last; i += ILanes<TLanes>.Count)
        {
            TLanes gradient = TLanes.Load(gradients + i);
            TLanes velocity = TLanes.FusedMultiplyAdd(mu, TLanes.Load(velocities + i), gradient);
            TLanes direction = looksAhead ? TLanes.FusedMultiplyAdd(mu, velocity, gradient) : velocity;
            velocity.Store(velocities + i);
            TLanes.FusedMultiplyAdd(rate, direction, TLanes.Load(weights + i) * keep).Store(weights + i);
        }
    }
}

/// <summary>v ← μ·v + g; direction ← g + μ·v.</summary>
internal readonly unsafe struct MomentumUpdate(float* g, float* v, float* direction, nint start, nint end, float momentum) : IKernelCall
{
    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        float* gradients = g, velocities = v, directions = direction;
        nint last = end;
        TLanes mu = TLanes.Broadcast(momentum);
        for (nint i = start; i < last; i += ILanes<TLanes>.Count)
        {
            TLanes gradient = TLanes.Load(gradients + i);
            TLanes velocity = TLanes.FusedMultiplyAdd(mu, TLanes.Load(velocities + i), gradient);
            velocity.Store(velocities + i);
            TLanes.FusedMultiplyAdd(mu, velocity, gradient).Store(directions + i);
        }
    }
}

/// <summary>w ← keep·w − rate·direction.</summary>
internal readonly unsafe struct DirectionStep(float* w, float* direction, nint start, nint end, float rate, float keep) : IKernelCall
{
    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        float* weights = w, directions = direction;
        nint last = end;
        TLanes factor = TLanes.Broadcast(-rate), kept = TLanes.Broadcast(keep);
        for (nint i = start; i < last; i += ILanes<TLanes>.Count)
        {
            TLanes.FusedMultiplyAdd(factor, TLanes.Load(directions + i), TLanes.Load(weights + i) * kept).Store(weights + i);
        }
    }
}

/// <summary>
/// m ← β₁·m + (1 − β₁)·g; s ← β₂·s + (1 − β₂)·g²; w ← w·(1 − η·λ) − η·(m/c₁) / (√(s/c₂) + ε), cᵢ = 1 − βᵢᵗ.
/// </summary>
internal readonly unsafe struct AdamWUpdate(float* w, float* g, float* m, float* s, nint start, nint end, AdamWConstants c) : IKernelCall
{
    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        float* weights = w, gradients = g, firsts = m, seconds = s;
        nint last = end;
        TLanes beta1 = TLanes.Broadcast(c.Beta1);
        TLanes beta2 = TLanes.Broadcast(c.Beta2);
        TLanes rest1 = TLanes.Broadcast(1 - c.Beta1);
        TLanes rest2 = TLanes.Broadcast(1 - c.Beta2);
        TLanes correction1 = TLanes.Broadcast(c.Correction1);
        TLanes correction2 = TLanes.Broadcast(c.Correction2);
        TLanes epsilon = TLanes.Broadcast(c.Epsilon);
        TLanes keep = TLanes.Broadcast(1 - c.LearningRate * c.WeightDecay);
        TLanes rate = TLanes.Broadcast(-c.LearningRate);
        for (nint i = start; i < last; i += ILanes<TLanes>.Count)
        {
            TLanes gradient = TLanes.Load(gradients + i);
            TLanes first = TLanes.FusedMultiplyAdd(beta1, TLanes.Load(firsts + i), rest1 * gradient);
            TLanes second = TLanes.FusedMultiplyAdd(beta2, TLanes.Load(seconds + i), rest2 * gradient * gradient);
            first.Store(firsts + i);
            second.Store(seconds + i);
            TLanes direction = first / correction1 / (TLanes.SquareRoot(second / correction2) + epsilon);
            TLanes.FusedMultiplyAdd(rate, direction, TLanes.Load(weights + i) * keep).Store(weights + i);
        }
    }
}

/// <summary>average ← average + weight·(value − average).</summary>
internal readonly unsafe struct AverageUpdate(float* value, float* average, nint start, nint end, float weight) : IKernelCall
{
    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        float* values = value, averages = average;
        nint last = end;
        TLanes factor = TLanes.Broadcast(weight);
        for (nint i = start; i < last; i += ILanes<TLanes>.Count)
        {
            TLanes old = TLanes.Load(averages + i);
            TLanes.FusedMultiplyAdd(factor, TLanes.Load(values + i) - old, old).Store(averages + i);
        }
    }
}

/// <summary>The constants of one AdamW step; names as in <see cref="AdamWUpdate"/>.</summary>
internal readonly record struct AdamWConstants(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, float Correction1, float Correction2);
