using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Inkling.Engine;

/// <summary>
/// Eight of the sixteen lanes in one 256-bit register: kernels that need more than eight of <see cref="Lanes256"/> take each half in turn.
/// </summary>
internal readonly unsafe struct HalfLanes256(Vector256<float> v) : ILanes<HalfLanes256>
{
    private readonly Vector256<float> _v = v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InParts<TWork>(in TWork work)
        where TWork : struct, ILaneWork => work.Run<HalfLanes256>(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 operator +(HalfLanes256 left, HalfLanes256 right) => new(left._v + right._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 operator -(HalfLanes256 left, HalfLanes256 right) => new(left._v - right._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 operator *(HalfLanes256 left, HalfLanes256 right) => new(left._v * right._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 operator /(HalfLanes256 left, HalfLanes256 right) => new(left._v / right._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 SquareRoot(HalfLanes256 value) => new(Vector256.Sqrt(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 FusedMultiplyAdd(HalfLanes256 left, HalfLanes256 right, HalfLanes256 addend) =>
        new(Vector256.FusedMultiplyAdd(left._v, right._v, addend._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 Rectify(HalfLanes256 value) => Larger(default, value);

    // The instruction is just that, also for zeros and NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 Larger(HalfLanes256 value, HalfLanes256 other) => new(Avx.Max(value._v, other._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 WherePositive(HalfLanes256 condition, HalfLanes256 value) => new(Vector256.ConditionalSelect(
        Vector256.GreaterThan(condition._v, Vector256<float>.Zero), value._v, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 WhereGreater(HalfLanes256 left, HalfLanes256 right, HalfLanes256 whenGreater, HalfLanes256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(left._v, right._v), whenGreater._v, otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfLanes256 AddWhereEqual(HalfLanes256 sum, HalfLanes256 left, HalfLanes256 right, HalfLanes256 value) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(left._v, right._v), sum._v + value._v, sum._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _v.Store(destination);
}
