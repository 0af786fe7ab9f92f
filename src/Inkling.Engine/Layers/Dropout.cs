using Inkling.Engine.Memory;
using Inkling.Engine.Randomness;

namespace Inkling.Engine.Layers;

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
        private readonly Tensor _input = binding.Input;

        internal override void Forward(in Pass pass)
        {
            if (pass.Training)
            {
                Mask(pass, _input, Output);
            }
            else if (_input != Output)
            {
                Kernels.ElementwiseKernel.Copy(_input, Output, pass.Images);
            }
        }

        internal override void Backward(in Pass pass) => Mask(pass, OutputGradient, OutputGradient);

        private void Mask(in Pass pass, Tensor source, Tensor destination)
        {
            for (int image = 0; image < pass.Images; image++)
            {
                var random = new RandomStream(pass.Seed, RandomPurpose.Dropout, (uint)pass.Epoch, (uint)pass.Samples[image]);
                uint draw = layer._number << (ElementBits - 2);
                for (int block = 0; block < source.Blocks; block++)
                {
                    for (int row = 0; row < source.Shape.Height; row++)
                    {
                        float* from = source.At(block, image, row, 0);
                        float* to = destination.At(block, image, row, 0);
                        for (int i = 0; i < source.Shape.Width * Tensor.BlockLanes; i += 4)
                        {
                            PhiloxBlock bits = random.Block(draw++);
                            to[i] = Keep(bits.X0, from[i]);
                            to[i + 1] = Keep(bits.X1, from[i + 1]);
                            to[i + 2] = Keep(bits.X2, from[i + 2]);
                            to[i + 3] = Keep(bits.X3, from[i + 3]);
                        }
                    }
                }
            }
        }

        private float Keep(uint bits, float value) => bits < layer._threshold ? 0 : value * layer._scale;
    }
}
