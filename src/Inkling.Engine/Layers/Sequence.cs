namespace Inkling.Engine;

/// <summary>Layers one after another; none is the identity.</summary>
/// <remarks>A list of a known type, so that walking it in every step allocates nothing.</remarks>
internal sealed class Sequence(Shape input, List<Layer> layers)
    : Layer(input, layers.Count == 0 ? input : layers[^1].Output)
{
    internal override long MultiplyAdds => layers.Sum(layer => layer.MultiplyAdds);

    internal override int InputHalo(int outputHalo) =>
        layers.AsEnumerable().Reverse().Aggregate(outputHalo, (halo, layer) => layer.InputHalo(halo));

    internal override BoundLayer Bind(Binding binding)
    {
        var bound = new List<BoundLayer>();
        Binding next = binding;
        for (int i = 0; i < layers.Count; i++)
        {
            int outputHalo = layers.Skip(i + 1).Reverse().Aggregate(binding.OutputHalo, (halo, layer) => layer.InputHalo(halo));
            bound.Add(layers[i].Bind(next with { OutputHalo = outputHalo }));
            if (bound is [.., BoundConvolution { Rectifies: false } convolution, BatchNorm.Bound norm])
            {
                convolution.Fuse(norm);
            }
            else if (bound is [.., BatchNorm.Bound before, MaxPool.Bound pool])
            {
                before.Fuse(pool);
            }

            next = next with { Input = bound[i].Output, InputGradient = bound[i].OutputGradient, OwnsInput = true };
        }

        return new Bound(bound, next.Input, next.InputGradientOr(Output));
    }

    internal override unsafe void TransformFilters(KernelSet kernels, float* parameters, float* filters, WorkPart part)
    {
        foreach (Layer layer in layers)
        {
            layer.TransformFilters(kernels, parameters, filters, part);
        }
    }

    internal override unsafe void TransposeFilters(KernelSet kernels, float* parameters, float* transposed, WorkPart part)
    {
        foreach (Layer layer in layers)
        {
            layer.TransposeFilters(kernels, parameters, transposed, part);
        }
    }

    private sealed class Bound(List<BoundLayer> layers, Tensor output, Tensor outputGradient) : BoundLayer(output, outputGradient)
    {
        internal override void Forward(in Pass pass)
        {
            foreach (BoundLayer layer in layers)
            {
                layer.Forward(pass);
            }
        }

        internal override void Backward(in Pass pass)
        {
            for (int i = layers.Count - 1; i >= 0; i--)
            {
                layers[i].Backward(pass);
            }
        }
    }
}
