using System.Runtime.Intrinsics;

namespace Inkling.Engine;

/// <summary>
/// Zeroes values in training and scales the others (Srivastava et al. 2014, JMLR 15). The mask of an image is a pure function
/// of (seed, epoch, image, layer, element), so no order of work can change it.
/// </summary>
internal sealed unsafe class Dropout(DropoutSpec spec, Shape input, ParameterAllocator allocator) : Layer(input, input)
{
    /// <summary>Bits of a random number's index that count elements; the rest number the layer.</summary>
    private const int ElementBits = 22;

    private readonly uint _number = (uint)allocator.Dropout();
    private readonly uint _threshold = (uint)(spec.Rate * 4294967296.0);
    private readonly float _scale = 1 / (1 - spec.Rate);

    internal override int InputHalo(int outputHalo) => outputHalo;

    internal override BoundLayer Bind(Binding binding) => new Bound(
        this,
        binding,
        binding.OwnsInput ? binding.Input : binding.AllocateOutput(Output),
        binding.InputGradientOr(Output));

    private sealed class Bound(Dropout layer, Binding binding, Tensor output, Tensor outputGradient)
        : BoundLayer(output, outputGradient)
    {
        private readonly KernelSet _kernels = binding.Kernels;
        private readonly Tensor _input = binding.Input;

        /// <summary>What values are multiplied by: 0 or the scale.</summary>
        private readonly Tensor _mask = binding.Workspace.Allocate(layer.Output);

        internal override void Forward(in Pass pass)
        {
            if (pass.Training)
            {
                Draw(pass);
                _kernels.Run(new Mask(_mask, _input, Output, pass.Images));
            }
            else if (_input != Output)
            {
                _kernels.Run(new Copy(_input, Output, pass.Images));
            }
        }

        internal override void Backward(in Pass pass) =>
            _kernels.Run(new Mask(_mask, OutputGradient, OutputGradient, pass.Images));

        private void Draw(in Pass pass)
        {
            const int Words = 256;
            uint* words = stackalloc uint[Words];
            int length = _mask.ImageStride;
            Vector256<uint> threshold = Vector256.Create(layer._threshold);
            Vector256<float> scale = Vector256.Create(layer._scale);
            for (int image = 0; image < pass.Images; image++)
            {
                var random = new RandomStream(pass.Seed, RandomPurpose.Dropout, (uint)pass.Epoch, (uint)pass.Samples[image]);
                uint draw = layer._number << (ElementBits - 2);
                for (int block = 0; block < _mask.Blocks; block++)
                {
                    float* mask = _mask.At(block, image, 0, 0);
                    for (int start = 0; start < length; start += Words)
                    {
                        int count = Math.Min(Words, length - start);
                        random.Bits(draw, new Span<uint>(words, count));
                        draw += (uint)count / 4;
                        for (int i = 0; i < count; i += Vector256<uint>.Count)
                        {
                            Vector256<float> dropped = Vector256.LessThan(Vector256.Load(words + i), threshold).AsSingle();
                            Vector256.ConditionalSelect(dropped, Vector256<float>.Zero, scale).Store(mask + start + i);
                        }
                    }
                }
            }
        }
    }
}
