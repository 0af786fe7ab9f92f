namespace Inkling.Engine;

/// <summary>One chunk's way through the network: what is read, where results go, who the images are.</summary>
internal readonly unsafe struct Pass
{
    internal required int Images { get; init; }

    /// <summary>Batch statistics and dropout, or running statistics and none.</summary>
    internal required bool Training { get; init; }

    internal required float* Parameters { get; init; }

    /// <summary>What the forward pass needs of filters beside themselves.</summary>
    internal required float* Filters { get; init; }

    /// <summary>Filters as the backward pass reads them.</summary>
    internal float* Transposed { get; init; }

    /// <summary>This chunk's parameter gradients; laid out as the parameters.</summary>
    internal float* Gradients { get; init; }

    /// <summary>Running statistics, read in inference.</summary>
    internal required float* Buffers { get; init; }

    /// <summary>This chunk's batch statistics; laid out as the buffers.</summary>
    internal float* Statistics { get; init; }

    internal ulong Seed { get; init; }

    internal int Epoch { get; init; }

    /// <summary>Index of each image in the dataset, the key of its random numbers.</summary>
    internal int* Samples { get; init; }
}
