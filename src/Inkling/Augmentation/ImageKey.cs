using Inkling.Engine;

namespace Inkling.Augmentation;

/// <summary>What one image's random changes are a pure function of, besides the transform.</summary>
/// <param name="Seed">The recipe's seed.</param>
/// <param name="Epoch">Which pass over the data.</param>
/// <param name="Sample">Index of the image in the training set, not its place in a batch.</param>
public readonly record struct ImageKey(ulong Seed, uint Epoch, uint Sample)
{
    internal RandomStream Stream(RandomPurpose purpose) => new(Seed, purpose, Epoch, Sample);
}
