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
                for (int channel = 0; channel < _input.Shape.Channels; channel++)
                {
                    Move(_input, Output, image, channel, toFeatures: true);
                }
            }
        }

        internal override void Backward(in Pass pass)
        {
            for (int image = 0; image < pass.Images && _inputGradient is not null; image++)
            {
                for (int channel = 0; channel < _inputGradient.Shape.Channels; channel++)
                {
                    Move(_inputGradient, OutputGradient, image, channel, toFeatures: false);
                }
            }
        }

        /// <summary>One channel of a map to its features, or back.</summary>
        private static void Move(Tensor map, Tensor features, int image, int channel, bool toFeatures)
        {
            const int Lanes = Tensor.BlockLanes;
            float* first = features.At(0, image, 0, 0);
            nint blockStride = features.BlockStride;
            int lanes = map.Lanes;
            int width = map.Shape.Width;
            int feature = channel * map.Shape.Height * width;
            for (int row = 0; row < map.Shape.Height; row++)
            {
                float* pixel = map.At(channel / lanes, image, row, 0) + channel % lanes;
                for (int end = feature + width; feature < end; feature++, pixel += lanes)
                {
                    float* place = first + feature / Lanes * blockStride + feature % Lanes;
                    if (toFeatures)
                    {
                        *place = *pixel;
                    }
                    else
                    {
                        *pixel = *place;
                    }
                }
            }
        }
    }
}
