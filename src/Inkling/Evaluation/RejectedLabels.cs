using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Inkling.Data;

namespace Inkling.Evaluation;

/// <summary>Test images whose label people have looked at and not accepted; known of MNIST alone.</summary>
/// <remarks>The embedded file says where the list comes from.</remarks>
internal static class RejectedLabels
{
    private static readonly Lazy<List> Mnist = new(() =>
    {
        using Stream stream = typeof(RejectedLabels).Assembly.GetManifestResourceStream("mnist-rejected-labels.json")!;
        JsonNode list = JsonNode.Parse(stream)!;
        return new List((string)list["fingerprint"]!, list["indices"]!.AsArray().Select(index => (int)index!).ToFrozenSet());
    });

    /// <summary>Indices in a set; none unless it is the one that the list is about, pixel by pixel.</summary>
    internal static IReadOnlySet<int> Of(ImageSet images) =>
        images.Fingerprint == Mnist.Value.Fingerprint ? Mnist.Value.Indices : FrozenSet<int>.Empty;

    private sealed record List(string Fingerprint, FrozenSet<int> Indices);
}
