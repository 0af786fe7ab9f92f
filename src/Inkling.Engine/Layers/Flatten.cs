namespace Inkling.Engine;

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
                    if (squares && (block + 1) * Lanes <= map.Shape.Channels)
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

        /// <summary>
        /// A block of sixteen channels, sixteen pixels at a time, where sixteen pixels of a channel are a block of features.
        /// </summary>
        private static void MoveSquares<TDirection>(Tensor map, Tensor features, int image, int block)
            where TDirection : struct, IDirection
        {
            float* square = stackalloc float[2 * Lanes * Lanes];
            float* turned = square + Lanes * Lanes;
            int pixels = map.Shape.Height * map.Shape.Width;
            for (int first = 0; first < pixels; first += Lanes)
            {
                // Whole lines: features of neighbouring channels lie so far apart that they fight for the same places in the cache.
                for (int i = 0; i < Lanes; i++)
                {
                    float* source = TDirection.IsToFeatures
                        ? Pixel(map, image, block, first + i)
                        : Pixels(features, image, block * Lanes + i, pixels, first);
                    new Span<float>(source, Lanes).CopyTo(new Span<float>(square + i * Lanes, Lanes));
                }

                Transposition.Square(square, turned);
                for (int i = 0; i < Lanes; i++)
                {
                    float* destination = TDirection.IsToFeatures
                        ? Pixels(features, image, block * Lanes + i, pixels, first)
                        : Pixel(map, image, block, first + i);
                    new Span<float>(turned + i * Lanes, Lanes).CopyTo(new Span<float>(destination, Lanes));
                }
            }
        }

        /// <summary>A pixel's sixteen channels.</summary>
        private static float* Pixel(Tensor map, int image, int block, int number)
        {
            (int row, int column) = Math.DivRem(number, map.Shape.Width);
            return map.At(block, image, row, column);
        }

        /// <summary>A channel's sixteen pixels.</summary>
        private static float* Pixels(Tensor features, int image, int channel, int pixels, int first) =>
            features.At((channel * pixels + first) / Lanes, image, 0, 0);

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
