namespace Inkling.Tests.Architecture;

/// <summary>One use of a type of <c>src</c> by another, and where it stands.</summary>
internal sealed record Arrow(string FromNamespace, string FromType, string ToNamespace, string ToType, string Place)
{
    /// <summary>Whether it leaves the namespace it starts in.</summary>
    internal bool IsBetweenNamespaces => FromNamespace != ToNamespace;

    public override string ToString() => $"{Place}: {FromNamespace}.{FromType} → {ToNamespace}.{ToType}";
}
