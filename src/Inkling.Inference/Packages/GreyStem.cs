using Inkling.Engine;
using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary>
/// The first convolution of a network for grey images, written for three channels: the clients of a published model open
/// every picture in colour.
/// </summary>
/// <remarks>
/// Each filter is shared out by ITU-R 601 luma, so that a coloured picture gives what its luma gives. The three shares add up
/// to the filter exactly: red and green are rounded, blue is what is left, and its own rounding is too small to show.
/// </remarks>
public static class GreyStem
{
    /// <summary>Red, green, blue.</summary>
    public const int ColourChannels = 3;

    private const double Red = 0.299;
    private const double Green = 0.587;

    /// <summary>Input channels of the stem in the file, which needn't be those that the network was trained with.</summary>
    public static int StoredChannels(Network network) => Of(network) is null ? network.Input.Channels : ColourChannels;

    /// <summary>The filters that the file has for three channels; null if it has all tensors as they were trained.</summary>
    public static Parameter? Of(Network network) =>
        network is { Input.Channels: 1, Specs: [ConvolutionSpec, ..] } ? network.Parameters[0] : null;

    /// <summary>[OC, 1, K, K] to [OC, 3, K, K].</summary>
    public static (int[] Shape, float[] Filters) Widen(IReadOnlyList<int> shape, ReadOnlySpan<float> filters)
    {
        int taps = shape[2] * shape[3];
        float[] wide = new float[filters.Length * ColourChannels];
        for (int i = 0; i < filters.Length; i++)
        {
            float filter = filters[i];
            float red = (float)(Red * filter);
            float green = (float)(Green * filter);

            // A zero keeps its sign.
            float blue = filter == 0 ? filter : (float)((double)filter - red - green);
            int place = i / taps * ColourChannels * taps + i % taps;
            (wide[place], wide[place + taps], wide[place + 2 * taps]) = (red, green, blue);
        }

        return ([shape[0], ColourChannels, shape[2], shape[3]], wide);
    }

    /// <summary>[OC, 3, K, K] to [OC, 1, K, K]: what the filters do to a grey picture.</summary>
    internal static NamedTensor Narrow(NamedTensor stored)
    {
        int taps = stored.Shape[2] * stored.Shape[3];
        float[] filters = new float[stored.Values.Length / ColourChannels];
        for (int i = 0; i < filters.Length; i++)
        {
            int place = i / taps * ColourChannels * taps + i % taps;
            filters[i] = (float)((double)stored.Values[place] + stored.Values[place + taps] + stored.Values[place + 2 * taps]);
        }

        return new NamedTensor(stored.Name, [stored.Shape[0], 1, .. stored.Shape.Skip(2)], filters);
    }
}
