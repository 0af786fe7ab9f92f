namespace Inkling.Serialization;

/// <summary>A tensor of single-precision numbers under its state-dict name.</summary>
/// <param name="Name">As in PyTorch's <c>state_dict</c>, e.g. <c>conv1.weight</c>.</param>
/// <param name="Shape">Extents, outermost first; empty for a scalar.</param>
/// <param name="Values">Row-major; as many as the product of <paramref name="Shape"/>.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>A 64-bit integer scalar under its state-dict name, e.g. <c>bn1.num_batches_tracked</c>.</summary>
/// <param name="Name">As in PyTorch's <c>state_dict</c>.</param>
/// <param name="Value">The number.</param>
public sealed record NamedInteger(string Name, long Value);
