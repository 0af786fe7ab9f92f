using Inkling.Engine;
using Inkling.Tests.Engine.Reference;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Kernels;

public sealed class BatchNormKernelTests
{
    private const float Epsilon = 1e-5f;

    public static TheoryData<int, int, int, int, bool> Cases()
    {
        var cases = new TheoryData<int, int, int, int, bool>();
        foreach ((int channels, int height, int width, int images) in ((int, int, int, int)[])
            [(1, 1, 1, 2), (16, 3, 4, 1), (17, 5, 7, 5), (40, 1, 1, 5), (5, 2, 6, 3), (32, 29, 31, 2), (3, 9, 1, 4), (16, 1, 1, 1)])
        {
            cases.Add(channels, height, width, images, false);
            cases.Add(channels, height, width, images, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Training_AnyShape_GivesTheTwinsBits(int channels, int height, int width, int images, bool relu)
    {
        var shape = new Shape(channels, height, width);
        float[] x = Numbers.Uniform(seed: 11, images * shape.Count, -2, 3);
        float[] gradOutput = Numbers.Uniform(seed: 12, images * shape.Count, -1, 1);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using LayerHarness layer = Layer(shape, images, relu, simd);
            Dictionary<string, float[]> values = layer.Randomize(seed: 13);
            var twins = Enumerable.Range(0, channels).Select(c => new BatchNormTwin.Channel(shape, images, c, relu)).ToList();
            float[] y = new float[x.Length];
            float[] gradInput = new float[x.Length];
            for (int c = 0; c < channels; c++)
            {
                twins[c].Forward(x, values["norm.weight"][c], values["norm.bias"][c], Epsilon, y);
                twins[c].Backward(x, gradOutput, gradInput);
            }

            Numbers.AssertSameBits(y, layer.Forward(x, images, training: true), $"{simd} output");
            Numbers.AssertSameBits(gradInput, layer.Backward(gradOutput, images), $"{simd} gradInput");
            Numbers.AssertSameBits([.. twins.Select(t => t.GradGamma)], layer.Gradient("norm.weight"), $"{simd} gradWeight");
            Numbers.AssertSameBits([.. twins.Select(t => t.GradBeta)], layer.Gradient("norm.bias"), $"{simd} gradBias");
            Numbers.AssertSameBits([.. twins.Select(t => t.Mean)], layer.Statistic("norm.running_mean"), $"{simd} mean");
            Numbers.AssertSameBits([.. twins.Select(t => t.UnbiasedVariance)], layer.Statistic("norm.running_var"), $"{simd} variance");
            layer.AssertPaddingIsZero();
        }
    }

    [Theory]
    [InlineData(3, 1, 9, 10, 0)] // Winograd
    [InlineData(3, 1, 9, 10, 1)]
    [InlineData(3, 2, 9, 10, 1)]
    [InlineData(1, 1, 1, 1, 0)] // linear
    [InlineData(1, 1, 1, 1, 1)]
    public void Inference_BehindAConvolution_GivesTheBitsOfOneAfterTheOther(
        int kernelSize, int stride, int height, int width, int outputHalo)
    {
        const int Images = 3;
        var input = new Shape(18, height, width);
        var convolution = new ConvolutionSpec("conv", 20, kernelSize, stride, kernelSize / 2);
        float[] x = Numbers.Uniform(seed: 14, Images * input.Count, -1, 1);
        foreach (Simd simd in Numbers.SimdLevels)
        {
            using var both = new LayerHarness(input, [convolution, new BatchNormSpec("norm"), new ReluSpec()], Images, simd,
                outputHalo: outputHalo);
            Dictionary<string, float[]> values = both.Randomize(seed: 15);
            using var first = new LayerHarness(input, [convolution], Images, simd);
            first.Set(values);
            using LayerHarness second = Layer(first.OutputShape, Images, relu: true, simd);
            second.Set(values);

            float[] expected = second.Forward(first.Forward(x, Images, training: false), Images, training: false);

            Numbers.AssertSameBits(expected, both.Forward(x, Images, training: false), $"{simd}");
            both.AssertPaddingOfActivationsIsZero();
        }
    }

    [Theory]
    [InlineData(3)] // Winograd
    [InlineData(1)]
    public void Inference_BehindARectifiedConvolution_LeavesTheRectificationBetween(int kernelSize)
    {
        const int Images = 3;
        var input = new Shape(18, 9, 10);
        LayerSpec[] convolution = [new ConvolutionSpec("conv", 20, kernelSize, Padding: kernelSize / 2), new ReluSpec()];
        float[] x = Numbers.Uniform(seed: 16, Images * input.Count, -1, 1);
        foreach (Simd simd in Numbers.SimdLevels)
        {
            using var both = new LayerHarness(input, [.. convolution, new BatchNormSpec("norm", Epsilon)], Images, simd);
            Dictionary<string, float[]> values = both.Randomize(seed: 17);
            using var first = new LayerHarness(input, convolution, Images, simd);
            first.Set(values);
            using LayerHarness second = Layer(first.OutputShape, Images, relu: false, simd);
            second.Set(values);

            float[] expected = second.Forward(first.Forward(x, Images, training: false), Images, training: false);

            Numbers.AssertSameBits(expected, both.Forward(x, Images, training: false), $"{simd}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Inference_AnyShape_GivesTheTwinsBits(int channels, int height, int width, int images, bool relu)
    {
        var shape = new Shape(channels, height, width);
        float[] x = Numbers.Uniform(seed: 14, images * shape.Count, -2, 3);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using LayerHarness layer = Layer(shape, images, relu, simd);
            Dictionary<string, float[]> values = layer.Randomize(seed: 15);
            float[] y = new float[x.Length];
            for (int c = 0; c < channels; c++)
            {
                new BatchNormTwin.Channel(shape, images, c, relu).Inference(
                    x, values["norm.running_mean"][c], values["norm.running_var"][c],
                    values["norm.weight"][c], values["norm.bias"][c], Epsilon, y);
            }

            Numbers.AssertSameBits(y, layer.Forward(x, images, training: false), $"{simd} output");
            layer.AssertPaddingOfActivationsIsZero();
        }
    }

    private static LayerHarness Layer(Shape shape, int images, bool relu, Simd simd)
    {
        LayerSpec[] specs = relu ? [new BatchNormSpec("norm", Epsilon), new ReluSpec()] : [new BatchNormSpec("norm", Epsilon)];
        return new LayerHarness(shape, specs, images + 1, simd, outputHalo: 2);
    }
}
