namespace Inkling.Engine;

/// <summary>
/// A layer that knows its shapes and parameters. It holds no activations: each worker thread binds it to memory of its
/// own, so that one network serves any number of chunks at once.
/// </summary>
internal abstract class Layer(Shape input, Shape output)
{
    internal Shape Input { get; } = input;

    internal Shape Output { get; } = output;

    /// <summary>Multiply-adds of one image's forward pass in convolutions and linear layers.</summary>
    internal virtual long MultiplyAdds => 0;

    /// <summary>Width of the zero border this layer wants around its input, given the one wanted around its output.</summary>
    internal virtual int InputHalo(int outputHalo) => 0;

    internal abstract BoundLayer Bind(Binding binding);

    /// <summary>
    /// Makes a part of what the forward pass needs of filters beside themselves. Whenever they changed, before any chunk.
    /// </summary>
    internal virtual unsafe void TransformFilters(KernelSet kernels, float* parameters, float* filters, WorkPart part)
    {
    }

    /// <summary>Rewrites a part of the filters as the backward pass reads them. Once a step, before any chunk.</summary>
    internal virtual unsafe void TransposeFilters(KernelSet kernels, float* parameters, float* transposed, WorkPart part)
    {
    }
}

/// <summary>What a layer is bound to.</summary>
/// <param name="Workspace">Memory of one thread.</param>
/// <param name="Kernels">Kernels for this machine's vectors.</param>
/// <param name="Input">Activations coming in.</param>
/// <param name="InputGradient">Where their gradient goes; null at the image, which needs none.</param>
/// <param name="OutputHalo">Border that the next layer wants around the output.</param>
/// <param name="OwnsInput">Nobody else reads the input, so that the layer may overwrite it.</param>
internal sealed record Binding(
    Workspace Workspace,
    KernelSet Kernels,
    Tensor Input,
    Tensor? InputGradient,
    int OutputHalo,
    bool OwnsInput)
{
    internal Tensor AllocateOutput(Shape shape) => Workspace.Allocate(shape, OutputHalo);

    /// <summary>
    /// Where the output's gradient goes in a layer that turns it into the input's gradient in place.
    /// </summary>
    internal Tensor InputGradientOr(Shape shape) => InputGradient ?? Workspace.Allocate(shape);
}

/// <summary>A layer with the memory of one thread.</summary>
internal abstract class BoundLayer(Tensor output, Tensor outputGradient)
{
    internal Tensor Output { get; } = output;

    /// <summary>Written by the next layer; may be the very memory of the input's gradient.</summary>
    internal Tensor OutputGradient { get; } = outputGradient;

    internal abstract void Forward(in Pass pass);

    /// <summary>From the output's gradient to the input's and to this chunk's parameter gradients.</summary>
    internal abstract void Backward(in Pass pass);
}
