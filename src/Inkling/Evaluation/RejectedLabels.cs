using System.Collections.Frozen;
using System.Text.Json;
using Inkling.Data;

namespace Inkling.Evaluation;

/// <summary>Test images whose label people have looked at and not accepted; known of MNIST alone.</summary>
/// <remarks>The embedded file says where the list comes from.</remarks>
internal static class RejectedLabels
{
    private static readonly Lazy<List> Mnist = new(() =>
    {
        using Stream stream = typeof(RejectedLabels).Assembly.GetManifestResourceStream("mnist-rejected-labels.json")!;
        return JsonSerializer.Deserialize<List>(stream, JsonSerializerOptions.Web)!;
    });

    /// <summary>Indices in a set; none unless it is the one that the list is about, pixel by pixel.</summary>
    internal static IReadOnlySet<int> Of(ImageSet images) =>
        images.Fingerprint == Mnist.Value.Fingerprint ? Mnist.Value.Indices.ToFrozenSet() : FrozenSet<int>.Empty;

    private sealed record List(string Fingerprint, int[] Indices);
}
