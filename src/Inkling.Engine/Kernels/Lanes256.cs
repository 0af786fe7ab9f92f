using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Inkling.Engine;

/// <summary>Two 256-bit registers (AVX2).</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> _low = low;
    private readonly Vector256<float> _high = high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InParts<TWork>(in TWork work)
        where TWork : struct, ILaneWork
    {
        work.Run<HalfLanes256>(0);
        work.Run<HalfLanes256>(8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value)
    {
        Vector256<float> v = Vector256.Create(value);
        return new(v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._low + right._low, left._high + right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._low - right._low, left._high - right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left._low * right._low, left._high * right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left._low / right._low, left._high / right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SquareRoot(Lanes256 value) => new(Vector256.Sqrt(value._low), Vector256.Sqrt(value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 FusedMultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 addend) => new(
        Vector256.FusedMultiplyAdd(left._low, right._low, addend._low),
        Vector256.FusedMultiplyAdd(left._high, right._high, addend._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Rectify(Lanes256 value) => Larger(default, value);

    // The instruction is just that, also for zeros and NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Larger(Lanes256 value, Lanes256 other) =>
        new(Avx.Max(value._low, other._low), Avx.Max(value._high, other._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WherePositive(Lanes256 condition, Lanes256 value) =>
        WhereGreater(condition, default, value, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WhereGreater(Lanes256 left, Lanes256 right, Lanes256 whenGreater, Lanes256 otherwise) => new(
        Vector256.ConditionalSelect(Vector256.GreaterThan(left._low, right._low), whenGreater._low, otherwise._low),
        Vector256.ConditionalSelect(Vector256.GreaterThan(left._high, right._high), whenGreater._high, otherwise._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddWhereEqual(Lanes256 sum, Lanes256 left, Lanes256 right, Lanes256 value) => new(
        Vector256.ConditionalSelect(Vector256.Equals(left._low, right._low), sum._low + value._low, sum._low),
        Vector256.ConditionalSelect(Vector256.Equals(left._high, right._high), sum._high + value._high, sum._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination)
    {
        _low.Store(destination);
        _high.Store(destination + 8);
    }
}
