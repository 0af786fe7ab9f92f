namespace Inkling.Engine;

/// <summary>
/// Sixteen single-precision lanes, whatever registers the machine has: the unit in which every kernel is written.
/// All operations act lane by lane with one IEEE 754 rounding each, so every implementation gives the same bits.
/// </summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Lanes in every implementation; part of the memory layout and of the numeric contract.</summary>
    public const int Count = 16;

    /// <summary>Does work that needs many registers on all lanes, or on half of them at a time where registers are few.</summary>
    static abstract void InParts<TWork>(in TWork work)
        where TWork : struct, ILaneWork;

    static abstract TSelf Load(float* source);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    static abstract TSelf SquareRoot(TSelf value);

    /// <summary>left · right + addend with one rounding.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>value &lt; 0 ? 0 : value, so that NaN stays NaN.</summary>
    static abstract TSelf Rectify(TSelf value);

    /// <summary>condition &gt; 0 ? value : 0.</summary>
    static abstract TSelf WherePositive(TSelf condition, TSelf value);

    /// <summary>left &gt; right ? whenGreater : otherwise.</summary>
    static abstract TSelf WhereGreater(TSelf left, TSelf right, TSelf whenGreater, TSelf otherwise);

    /// <summary>value &gt; other ? value : other, so that of equals and beside NaN the other stays.</summary>
    static abstract TSelf Larger(TSelf value, TSelf other);

    /// <summary>left == right ? sum + value : sum.</summary>
    static abstract TSelf AddWhereEqual(TSelf sum, TSelf left, TSelf right, TSelf value);

    void Store(float* destination);
}

/// <summary>Work on rows of pixels whose lanes don't depend on each other.</summary>
internal interface ILaneWork
{
    /// <summary>Does it for the lanes of <typeparamref name="TLanes"/>, of which the first is <paramref name="lane"/> of sixteen.</summary>
    void Run<TLanes>(int lane)
        where TLanes : struct, ILanes<TLanes>;
}
