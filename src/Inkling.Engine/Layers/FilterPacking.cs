namespace Inkling.Engine;

/// <summary>
/// The engine's order of a convolution's filters: [⌈OC/16⌉, ⌈IC/L⌉, K, K, L, 16], with PyTorch's [OC, IC, K, K] outside.
/// </summary>
/// <param name="OutChannels">OC.</param>
/// <param name="InChannels">IC.</param>
/// <param name="KernelSize">K.</param>
/// <param name="InputLanes">L of the layer's input: 16, or 1 for planar images.</param>
public sealed record FilterPacking(int OutChannels, int InChannels, int KernelSize, int InputLanes)
{
    internal int OutBlocks => Blocks(OutChannels, Tensor.BlockLanes);

    internal int InBlocks => Blocks(InChannels, InputLanes);

    internal int Length => checked(OutBlocks * InBlocks * KernelSize * KernelSize * InputLanes * Tensor.BlockLanes);

    internal int PackedIndex(int index)
    {
        int kernelColumn = index % KernelSize;
        int kernelRow = index / KernelSize % KernelSize;
        int input = index / (KernelSize * KernelSize) % InChannels;
        int output = index / (KernelSize * KernelSize * InChannels);
        return PackedIndex(output, input, kernelRow, kernelColumn);
    }

    internal int PackedIndex(int output, int input, int kernelRow, int kernelColumn)
    {
        int block = output / Tensor.BlockLanes * InBlocks + input / InputLanes;
        int element = (block * KernelSize + kernelRow) * KernelSize + kernelColumn;
        return (element * InputLanes + input % InputLanes) * Tensor.BlockLanes + output % Tensor.BlockLanes;
    }

    private static int Blocks(int channels, int lanes) => (channels + lanes - 1) / lanes;
}
