using Inkling.Engine;
using Inkling.Tests.Engine.Reference;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Kernels;

public sealed class ConvolutionKernelTests
{
    /// <summary>Keeps the scalar twins quick: larger cases take a smaller map, at last 7×8.</summary>
    private const long MaxMultiplyAdds = 3_000_000;

    private static readonly (int In, int Out)[] Channels =
        [(16, 16), (5, 17), (17, 1), (32, 40), (1, 16), (40, 33), (2, 5), (3, 32), (17, 48)];

    private static readonly (int Height, int Width)[] Maps =
        [(29, 31), (7, 7), (1, 1), (5, 4), (14, 9), (2, 3), (13, 1), (1, 20)];

    private static readonly int[] Images = [1, 2, 5];

    /// <summary>
    /// inChannels, height, width, outChannels, kernelSize, stride, padding, bias, images, planar: every kernel size, stride and
    /// padding, with channels, maps and images in rotation, and the shapes that take paths of their own.
    /// </summary>
    public static TheoryData<int, int, int, int, int, int, int, bool, int, bool> Cases()
    {
        var cases = new TheoryData<int, int, int, int, int, int, int, bool, int, bool>
        {
            { 40, 1, 1, 10, 1, 1, 0, true, 5, false }, // linear: images are the columns
            { 40, 1, 1, 33, 1, 1, 0, false, 17, false },
            { 17, 1, 1, 20, 1, 2, 0, true, 5, false }, // 1×1 map with a stride: nothing to skip
            { 16, 1, 1, 16, 1, 3, 0, false, 4, false },
            { 16, 40, 40, 16, 1, 1, 0, true, 2, false }, // more pixels than a visit of the weight gradient
            { 1, 28, 28, 32, 5, 1, 2, true, 3, true },
            { 3, 32, 32, 20, 7, 2, 3, false, 2, true },
            { 1, 600, 3, 4, 3, 1, 1, true, 2, true }, // more rows than the weight gradient's runs
            { 16, 600, 2, 4, 1, 1, 0, true, 1, false },
            { 16, 40, 13, 20, 3, 2, 1, true, 2, false }, // short rows, more of them than are taken together
            { 16, 12, 12, 16, 3, 1, 1, false, 6, false }, // Winograd: whole tiles, more of them than a group
            { 33, 14, 9, 40, 3, 1, 1, true, 3, false }, // Winograd: tiles that hang over, lanes that are empty
            { 17, 7, 7, 18, 3, 1, 0, true, 4, false },
            { 5, 6, 11, 20, 3, 1, 2, false, 2, false },
            { 20, 5, 5, 3, 3, 1, 1, true, 1, false }, // the smallest map on which Winograd pays
            { 20, 2, 6, 3, 3, 1, 1, true, 2, false }, // and one on which it doesn't
        };
        int turn = 0;
        foreach (int kernelSize in (int[])[1, 2, 3, 5, 7])
        {
            foreach (int stride in (int[])[1, 2, 3])
            {
                for (int padding = 0; padding <= 3; padding++, turn++)
                {
                    (int inChannels, int outChannels) = Channels[turn % Channels.Length];
                    int images = Images[turn % Images.Length];
                    (int height, int width) = Maps.Skip(turn % Maps.Length).Concat(Maps).Append((7, 8)).First(map => map == (7, 8) || Fits(
                        map, kernelSize, padding, (long)images * inChannels * outChannels * kernelSize * kernelSize / (stride * stride)));
                    cases.Add(
                        inChannels, height, width, outChannels, kernelSize, stride, padding, turn % 2 == 0, images,
                        inChannels < 16 && turn % 4 < 2);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ForwardAndBackward_AnyGeometry_GiveTheTwinsBitsAndTheTruth(
        int inChannels, int height, int width, int outChannels, int kernelSize, int stride, int padding, bool bias, int images, bool planar)
    {
        var spec = new ConvolutionSpec("conv", outChannels, kernelSize, stride, padding, bias);
        var input = new Shape(inChannels, height, width);
        var output = new Shape(
            outChannels, (height + 2 * padding - kernelSize) / stride + 1, (width + 2 * padding - kernelSize) / stride + 1);
        float[] x = Numbers.Uniform(seed: 1, images * input.Count, -1, 1);
        float[] gradOutput = Numbers.Uniform(seed: 2, images * output.Count, -1, 1);
        float[] w = Numbers.Uniform(seed: 3, outChannels * inChannels * kernelSize * kernelSize, -1, 1);
        float[]? b = bias ? Numbers.Uniform(seed: 4, outChannels, -1, 1) : null;
        bool winograd = WinogradTwin.Applies(spec, output, planar);
        float[] y = winograd
            ? WinogradTwin.Forward(padding, input, output, images, x, w, b)
            : ConvolutionTwin.Forward(spec, input, output, images, planar ? 1 : 16, x, w, b);
        float[] gradInput = planar ? []
            : winograd ? WinogradTwin.InputGradient(padding, input, output, images, gradOutput, w)
            : ConvolutionTwin.InputGradient(spec, input, output, images, gradOutput, w);
        float[] gradWeight = winograd
            ? WinogradTwin.WeightGradient(padding, input, output, images, x, gradOutput)
            : ConvolutionTwin.WeightGradient(spec, input, output, images, x, gradOutput);
        float[] gradBias = BatchNormTwin.BiasGradient(output, images, gradOutput);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            // Without a border, 1×1 maps take the path of linear layers.
            using var layer = new LayerHarness(input, [spec], images + 2, simd, planar, outputHalo: kernelSize == 1 ? 0 : 1);
            layer.Set(layer.Parameters[0], w);
            if (b is not null)
            {
                layer.Set(layer.Parameters[1], b);
            }

            Assert.Equal(output, layer.OutputShape);
            Numbers.AssertSameBits(y, layer.Forward(x, images, training: true), $"{simd} output");
            Numbers.AssertSameBits(gradInput, layer.Backward(gradOutput, images), $"{simd} gradInput");
            Numbers.AssertSameBits(gradWeight, layer.Gradient("conv.weight"), $"{simd} gradWeight");
            if (b is not null)
            {
                Numbers.AssertSameBits(gradBias, layer.Gradient("conv.bias"), $"{simd} gradBias");
            }

            layer.AssertPaddingIsZero();
        }

        var truth = ConvolutionTruth.Compute(spec, input, output, images, x, w, b, gradOutput);
        ConvolutionTruth.AssertWithinBound(
            truth.Output, y, "output", winograd ? WinogradBound.Forward(padding, input, output, images, x, w, b) : null);
        ConvolutionTruth.AssertWithinBound(
            planar ? [] : truth.GradInput, gradInput, "gradInput",
            winograd ? WinogradBound.InputGradient(padding, input, output, images, gradOutput, w) : null);
        ConvolutionTruth.AssertWithinBound(
            truth.GradWeight, gradWeight, "gradWeight",
            winograd ? WinogradBound.WeightGradient(padding, input, output, images, x, gradOutput) : null);
        ConvolutionTruth.AssertWithinBound(truth.GradBias, gradBias, "gradBias");
    }

    private static bool Fits((int Height, int Width) map, int kernelSize, int padding, long multiplyAddsPerPixel) =>
        Math.Min(map.Height, map.Width) + 2 * padding >= kernelSize
        && multiplyAddsPerPixel * map.Height * map.Width <= MaxMultiplyAdds;
}
