using Inkling.Engine.Memory;

namespace Inkling.Engine.Layers;

/// <summary>[N, C, H, W] to [N, C·H·W, 1, 1]: feature c·H·W + h·W + w, PyTorch's order.</summary>
internal sealed unsafe class Flatten(Shape input) : Layer(input, new Shape(input.Count, 1, 1))
{
    internal override BoundLayer Bind(Binding binding) => new Bound(this, binding);

    private sealed class Bound(Flatten layer, Binding binding)
        : BoundLayer(binding.AllocateOutput(layer.Output), binding.Workspace.Allocate(layer.Output))
    {
        private readonly Tensor _input = binding.Input;
        private readonly Tensor? _inputGradient = binding.InputGradient;

        internal override void Forward(in Pass pass)
        {
            for (int image = 0; image < pass.Images; image++)
            {
                for (int channel = 0, feature = 0; channel < _input.Shape.Channels; channel++)
                {
                    for (int row = 0; row < _input.Shape.Height; row++)
                    {
                        float* source = _input.At(channel / _input.Lanes, image, row, 0) + channel % _input.Lanes;
                        for (int column = 0; column < _input.Shape.Width; column++, feature++)
                        {
                            *Feature(Output, image, feature) = source[column * _input.Lanes];
                        }
                    }
                }
            }
        }

        internal override void Backward(in Pass pass)
        {
            if (_inputGradient is not { } gradient)
            {
                return;
            }

            for (int image = 0; image < pass.Images; image++)
            {
                for (int channel = 0, feature = 0; channel < gradient.Shape.Channels; channel++)
                {
                    for (int row = 0; row < gradient.Shape.Height; row++)
                    {
                        float* destination = gradient.At(channel / gradient.Lanes, image, row, 0) + channel % gradient.Lanes;
                        for (int column = 0; column < gradient.Shape.Width; column++, feature++)
                        {
                            destination[column * gradient.Lanes] = *Feature(OutputGradient, image, feature);
                        }
                    }
                }
            }
        }

        private static float* Feature(Tensor tensor, int image, int feature) =>
            tensor.At(feature / Tensor.BlockLanes, image, 0, 0) + feature % Tensor.BlockLanes;
    }
}
