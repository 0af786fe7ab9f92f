using Inkling.Engine.Memory;

namespace Inkling.Engine.Layers;

/// <summary>[N, C, H, W] to [N, C·H·W, 1, 1]: feature c·H·W + h·W + w, PyTorch's order.</summary>
internal sealed unsafe class Flatten(Shape input) : Layer(input, new Shape(input.Count, 1, 1))
{
    private const int Lanes = Tensor.BlockLanes;

    internal override BoundLayer Bind(Binding binding) => new Bound(this, binding);

    private sealed class Bound(Flatten layer, Binding binding)
        : BoundLayer(binding.AllocateOutput(layer.Output), binding.Workspace.Allocate(layer.Output))
    {
        private readonly Tensor _input = binding.Input;
        private readonly Tensor? _inputGradient = binding.InputGradient;

        internal override void Forward(in Pass pass) => Move<ToFeatures>(_input, Output, pass.Images);

        internal override void Backward(in Pass pass)
        {
            if (_inputGradient is not null)
            {
                Move<ToMap>(_inputGradient, OutputGradient, pass.Images);
            }
        }

        private static void Move<TDirection>(Tensor map, Tensor features, int images)
            where TDirection : struct, IDirection
        {
            bool squares = map.Lanes == Lanes && map.Shape.Height * map.Shape.Width % Lanes == 0;
            for (int image = 0; image < images; image++)
            {
                for (int block = 0; block < map.Blocks; block++)
                {
                    if (squares)
                    {
                        MoveSquares<TDirection>(map, features, image, block);
                    }
                    else
                    {
                        MoveValues<TDirection>(map, features, image, block);
                    }
                }
            }
        }

        /// <summary>A block of channels, sixteen pixels at a time, where sixteen pixels of a channel are a block of features.</summary>
        private static void MoveSquares<TDirection>(Tensor map, Tensor features, int image, int block)
            where TDirection : struct, IDirection
        {
            float* square = stackalloc float[Lanes * Lanes];
            new Span<float>(square, Lanes * Lanes).Clear();
            int pixels = map.Shape.Height * map.Shape.Width;
            int channels = Math.Min(Lanes, map.Shape.Channels - block * Lanes);
            for (int first = 0; first < pixels; first += Lanes)
            {
                for (int i = 0; i < Lanes && TDirection.IsToFeatures; i++)
                {
                    Pixel(map, image, block, first + i).CopyTo(new Span<float>(square + i * Lanes, Lanes));
                }

                for (int channel = 0; channel < channels; channel++)
                {
                    float* row = features.At(((block * Lanes + channel) * pixels + first) / Lanes, image, 0, 0);
                    for (int i = 0; i < Lanes; i++)
                    {
                        if (TDirection.IsToFeatures)
                        {
                            row[i] = square[i * Lanes + channel];
                        }
                        else
                        {
                            square[i * Lanes + channel] = row[i];
                        }
                    }
                }

                for (int i = 0; i < Lanes && !TDirection.IsToFeatures; i++)
                {
                    new Span<float>(square + i * Lanes, Lanes).CopyTo(Pixel(map, image, block, first + i));
                }
            }
        }

        private static Span<float> Pixel(Tensor map, int image, int block, int number)
        {
            (int row, int column) = Math.DivRem(number, map.Shape.Width);
            return new Span<float>(map.At(block, image, row, column), Lanes);
        }

        /// <summary>A block of channels, value by value.</summary>
        private static void MoveValues<TDirection>(Tensor map, Tensor features, int image, int block)
            where TDirection : struct, IDirection
        {
            float* first = features.At(0, image, 0, 0);
            int end = Math.Min((block + 1) * map.Lanes, map.Shape.Channels);
            for (int channel = block * map.Lanes; channel < end; channel++)
            {
                int feature = channel * map.Shape.Height * map.Shape.Width;
                for (int row = 0; row < map.Shape.Height; row++)
                {
                    float* pixel = map.At(block, image, row, 0) + channel % map.Lanes;
                    for (int last = feature + map.Shape.Width; feature < last; feature++, pixel += map.Lanes)
                    {
                        float* place = first + (nint)(feature / Lanes) * features.BlockStride + feature % Lanes;
                        if (TDirection.IsToFeatures)
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

    /// <summary>Which way values move; a type, so that the loops have no question in them.</summary>
    private interface IDirection
    {
        static abstract bool IsToFeatures { get; }
    }

    private readonly struct ToFeatures : IDirection
    {
        public static bool IsToFeatures => true;
    }

    private readonly struct ToMap : IDirection
    {
        public static bool IsToFeatures => false;
    }
}
