namespace Inkling.Engine;

/// <summary>One thread's copy of the activations: takes a chunk of images through the network.</summary>
internal sealed unsafe class ChunkWorker : IDisposable
{
    private readonly Workspace _workspace;

    internal ChunkWorker(Network network, int chunkSize, KernelSet kernels, bool training = true)
    {
        _workspace = new Workspace(chunkSize, training, kernels.Threads);
        Network = network.Bind(_workspace, kernels);
        Samples = (int*)_workspace.Allocate(chunkSize);
        Labels = new int[chunkSize];
        Targets = new double[chunkSize * network.Classes];
    }

    internal BoundNetwork Network { get; }

    /// <summary>Index in the dataset of each image in the chunk.</summary>
    internal int* Samples { get; }

    /// <summary>What its activations take of the machine's memory.</summary>
    internal long LengthBytes => _workspace.LengthBytes;

    internal int[] Labels { get; }

    /// <summary>[N, K], what the network should answer.</summary>
    internal double[] Targets { get; }

    /// <summary>Fetches the images, augmented as the source sees fit.</summary>
    internal void Load(IImageSource source, int epoch, ReadOnlySpan<int> samples)
    {
        for (int image = 0; image < samples.Length; image++)
        {
            Samples[image] = samples[image];
            Labels[image] = source.Load(epoch, samples[image], new ImageView(Network.Image, image));
        }
    }

    /// <summary>Fetches what the network should answer for the images that are loaded.</summary>
    internal void LoadTargets(IImageSource source, int epoch)
    {
        int classes = Targets.Length / Labels.Length;
        for (int image = 0; image < Labels.Length; image++)
        {
            source.Target(epoch, Samples[image], Labels[image], Targets.AsSpan(image * classes, classes));
        }
    }

    public void Dispose() => _workspace.Dispose();
}
