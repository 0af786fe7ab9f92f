using Inkling.Engine;
using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary>
/// A network's values as <c>model.safetensors</c>: PyTorch's names, shapes and order. A first convolution of one channel
/// stands there for three (<see cref="GreyStem"/>); reading gives back the very bits that were written.
/// </summary>
public static class WeightsFile
{
    private const string RunningMean = ".running_mean";
    private const string RunningVariance = ".running_var";
    private const string BatchesTracked = ".num_batches_tracked";

    /// <summary>All parameters and running statistics.</summary>
    /// <param name="weights">The values.</param>
    /// <param name="batchesTracked">Chunks whose statistics went into the running ones, which PyTorch counts per layer.</param>
    public static SafeTensorsFile Write(NetworkWeights weights, long batchesTracked)
    {
        Parameter? stem = GreyStem.Of(weights.Network);
        IEnumerable<NamedTensor> tensors = weights.Network.Parameters.Concat(weights.Network.Buffers)
            .Select(parameter => parameter == stem
                ? Stem(parameter, weights.Get(parameter))
                : new NamedTensor(parameter.Name, parameter.Dimensions, weights.Get(parameter)));
        return new SafeTensorsFile(
            tensors, CounterNames(weights.Network).Select(name => new NamedInteger(name, batchesTracked)));
    }

    /// <summary>Reads all values of a network.</summary>
    /// <param name="network">Whose tensors the file has to hold: these and no others, finite, in these shapes.</param>
    /// <param name="file">The file's content.</param>
    /// <param name="path">What to call it in an error.</param>
    /// <exception cref="ModelFormatException">A tensor is missing, unknown, of another shape, not finite, or a variance below
    /// 0.</exception>
    public static NetworkWeights Read(Network network, SafeTensorsFile file, string path)
    {
        NetworkWeights weights = network.Allocate();
        Parameter? stem = GreyStem.Of(network);
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (Parameter parameter in network.Parameters.Concat(network.Buffers))
        {
            weights.Set(parameter, Find(tensors, parameter, isStem: parameter == stem, path).Values);
            tensors.Remove(parameter.Name);
        }

        string[] unknown = [.. tensors.Keys, .. file.Integers.Select(integer => integer.Name).Except(CounterNames(network))];
        return unknown.Length == 0
            ? weights
            : throw Fault(path, "the network's tensors and no others", $"also {unknown[0]}");
    }

    private static NamedTensor Stem(Parameter stem, float[] filters)
    {
        (int[] shape, float[] wide) = GreyStem.Widen(stem.Dimensions, filters);
        return new NamedTensor(stem.Name, shape, wide);
    }

    private static NamedTensor Find(Dictionary<string, NamedTensor> tensors, Parameter parameter, bool isStem, string path)
    {
        if (!tensors.TryGetValue(parameter.Name, out NamedTensor? tensor))
        {
            throw Fault(path, $"a tensor {parameter.Name}", "none");
        }

        int[] shape = [.. parameter.Dimensions];
        if (isStem)
        {
            shape[1] = GreyStem.ColourChannels;
        }

        if (!tensor.Shape.SequenceEqual(shape))
        {
            throw Fault(path, $"{parameter.Name} of {Text(shape)}", Text(tensor.Shape));
        }

        tensor = isStem ? GreyStem.Narrow(tensor) : tensor;
        bool isVariance = parameter.Name.EndsWith(RunningVariance, StringComparison.Ordinal);
        int bad = Array.FindIndex(tensor.Values, value => !float.IsFinite(value) || (isVariance && value < 0));
        return bad < 0
            ? tensor
            : throw Fault(path, $"{(isVariance ? "finite values of at least 0" : "finite values")} in {parameter.Name}", $"{tensor.Values[bad]} at {bad}");
    }

    private static IEnumerable<string> CounterNames(Network network) => network.Buffers
        .Where(buffer => buffer.Name.EndsWith(RunningMean, StringComparison.Ordinal))
        .Select(buffer => buffer.Name[..^RunningMean.Length] + BatchesTracked);

    private static string Text(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";

    private static ModelFormatException Fault(string path, string expected, string actual) =>
        new(path, expected, actual, "Take model.safetensors and config.json from the same package.");
}
