using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inkling.Engine;

/// <summary>Four 128-bit registers (Arm64's NEON), or plain scalar code where even those are switched off.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3)
    : ILanes<Lanes128>
{
    private readonly Vector128<float> _0 = v0;
    private readonly Vector128<float> _1 = v1;
    private readonly Vector128<float> _2 = v2;
    private readonly Vector128<float> _3 = v3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InParts<TWork>(in TWork work)
        where TWork : struct, ILaneWork => work.Run<Lanes128>(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(
        Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value)
    {
        Vector128<float> v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(
        left._0 + right._0, left._1 + right._1, left._2 + right._2, left._3 + right._3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(
        left._0 - right._0, left._1 - right._1, left._2 - right._2, left._3 - right._3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(
        left._0 * right._0, left._1 * right._1, left._2 * right._2, left._3 * right._3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(
        left._0 / right._0, left._1 / right._1, left._2 / right._2, left._3 / right._3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SquareRoot(Lanes128 value) => new(
        Vector128.Sqrt(value._0), Vector128.Sqrt(value._1), Vector128.Sqrt(value._2), Vector128.Sqrt(value._3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 FusedMultiplyAdd(Lanes128 left, Lanes128 right, Lanes128 addend) => new(
        Vector128.FusedMultiplyAdd(left._0, right._0, addend._0),
        Vector128.FusedMultiplyAdd(left._1, right._1, addend._1),
        Vector128.FusedMultiplyAdd(left._2, right._2, addend._2),
        Vector128.FusedMultiplyAdd(left._3, right._3, addend._3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Rectify(Lanes128 value) => Larger(default, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WherePositive(Lanes128 condition, Lanes128 value) =>
        WhereGreater(condition, default, value, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereGreater(Lanes128 left, Lanes128 right, Lanes128 whenGreater, Lanes128 otherwise) => new(
        Vector128.ConditionalSelect(Vector128.GreaterThan(left._0, right._0), whenGreater._0, otherwise._0),
        Vector128.ConditionalSelect(Vector128.GreaterThan(left._1, right._1), whenGreater._1, otherwise._1),
        Vector128.ConditionalSelect(Vector128.GreaterThan(left._2, right._2), whenGreater._2, otherwise._2),
        Vector128.ConditionalSelect(Vector128.GreaterThan(left._3, right._3), whenGreater._3, otherwise._3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Larger(Lanes128 value, Lanes128 other) => WhereGreater(value, other, value, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddWhereEqual(Lanes128 sum, Lanes128 left, Lanes128 right, Lanes128 value) => new(
        Vector128.ConditionalSelect(Vector128.Equals(left._0, right._0), sum._0 + value._0, sum._0),
        Vector128.ConditionalSelect(Vector128.Equals(left._1, right._1), sum._1 + value._1, sum._1),
        Vector128.ConditionalSelect(Vector128.Equals(left._2, right._2), sum._2 + value._2, sum._2),
        Vector128.ConditionalSelect(Vector128.Equals(left._3, right._3), sum._3 + value._3, sum._3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination)
    {
        _0.Store(destination);
        _1.Store(destination + 4);
        _2.Store(destination + 8);
        _3.Store(destination + 12);
    }
}
