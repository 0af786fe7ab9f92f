using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Kernels;

public sealed class ElementwiseKernelTests
{
    private const int Images = 3;
    private const float DropoutRate = 0.3f;

    /// <summary>Signs, zeros of both signs, subnormals, infinities, NaN.</summary>
    private static readonly float[] Specials =
        [1, -1, 0, -0f, float.Epsilon, -float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.MaxValue];

    private static readonly Shape Shape = new(17, 3, 5);

    private static readonly float[] GradOutput = Numbers.Uniform(seed: 31, Images * Shape.Count, -1, 1);

    [Fact]
    public void Relu_SpecialValues_KeepsNaNAndZerosTheRest()
    {
        float[] x = [.. Enumerable.Range(0, Images * Shape.Count).Select(i => Specials[i % Specials.Length])];
        float[] y = [.. x.Select(value => value < 0 ? 0 : value)];
        float[] gradInput = [.. y.Zip(GradOutput, (value, gradient) => value > 0 ? gradient : 0)];

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using var layer = new LayerHarness(Shape, [new ReluSpec()], Images + 1, simd, outputHalo: 1);

            Numbers.AssertSameBits(y, layer.Forward(x, Images, training: true), $"{simd} output");
            Numbers.AssertSameBits(gradInput, layer.Backward(GradOutput, Images), $"{simd} gradInput");
            layer.AssertPaddingIsZero();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Residual_OfReluAndIdentity_AddsValuesAndGradients(bool relu)
    {
        float[] x = Numbers.Integers(seed: 32, Images * Shape.Count, bound: 5);
        float[] sum = [.. x.Select(value => (value < 0 ? 0 : value) + value)];
        float[] y = [.. sum.Select(value => relu && value < 0 ? 0 : value)];
        float[] gradInput = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            float gradient = relu && !(y[i] > 0) ? 0 : GradOutput[i];
            gradInput[i] = (x[i] > 0 ? gradient : 0) + gradient;
        }

        foreach (Simd simd in Numbers.SimdLevels)
        {
            LayerSpec residual = new ResidualSpec([new ReluSpec()], []);
            using var layer = new LayerHarness(Shape, relu ? [residual, new ReluSpec()] : [residual], Images + 1, simd, outputHalo: 1);

            Numbers.AssertSameBits(y, layer.Forward(x, Images, training: true), $"{simd} output");
            Numbers.AssertSameBits(gradInput, layer.Backward(GradOutput, Images), $"{simd} gradInput");
            layer.AssertPaddingIsZero();
        }
    }

    [Theory]
    [InlineData(5, 3, 7)]
    [InlineData(20, 4, 12)] // sixteen pixels of a channel are a block of features
    [InlineData(33, 2, 8)]
    public void Flatten_AnyMap_OrdersFeaturesAsChannelRowColumn(int channels, int height, int width)
    {
        var shape = new Shape(channels, height, width);
        float[] x = Numbers.Uniform(seed: 33, Images * shape.Count, -1, 1);
        float[] gradOutput = Numbers.Uniform(seed: 34, x.Length, -1, 1);
        using var layer = new LayerHarness(shape, [new FlattenSpec()], Images + 1, Simd.Vector128, outputHalo: 1);

        // In [N, C, H, W] order, flattening moves nothing.
        Numbers.AssertSameBits(x, layer.Forward(x, Images, training: true), "output");
        Numbers.AssertSameBits(gradOutput, layer.Backward(gradOutput, Images), "gradInput");
        layer.AssertPaddingIsZero();
    }

    [Fact]
    public void Dropout_InTraining_IsThePureFunctionOfItsKey()
    {
        float[] x = Numbers.Uniform(seed: 34, Images * Shape.Count, -1, 1);
        const float Scale = 1 / (1 - DropoutRate);
        using var layer = new LayerHarness(Shape, [new DropoutSpec(DropoutRate)], Images + 1, Simd.Vector128, outputHalo: 1);
        bool[] kept = [.. Enumerable.Range(0, x.Length).Select(Kept)];

        float[] y = layer.Forward(x, Images, training: true);
        float[] gradInput = layer.Backward(GradOutput, Images);

        Numbers.AssertSameBits([.. x.Select((value, i) => kept[i] ? value * Scale : 0)], y, "output");
        Numbers.AssertSameBits([.. GradOutput.Select((value, i) => kept[i] ? value * Scale : 0)], gradInput, "gradInput");
        layer.AssertPaddingIsZero();
    }

    [Fact]
    public void Dropout_ManyValues_DropsItsRate()
    {
        var shape = new Shape(16, 50, 50);
        float[] ones = [.. Enumerable.Repeat(1f, shape.Count)];
        using var layer = new LayerHarness(shape, [new DropoutSpec(DropoutRate)], 1, Simd.Vector128);

        int dropped = layer.Forward(ones, 1, training: true).Count(value => value == 0);

        // Six standard deviations of a binomial count.
        double margin = 6 * Math.Sqrt(ones.Length * DropoutRate * (1 - DropoutRate));
        Assert.InRange(dropped, ones.Length * DropoutRate - margin, ones.Length * DropoutRate + margin);
    }

    [Fact]
    public void Dropout_TwoLayers_HaveMasksOfTheirOwn()
    {
        var shape = new Shape(16, 20, 20);
        float[] ones = [.. Enumerable.Repeat(1f, shape.Count)];
        using var layer = new LayerHarness(shape, [new DropoutSpec(0.5f), new DropoutSpec(0.5f)], 1, Simd.Vector128);

        int kept = layer.Forward(ones, 1, training: true).Count(value => value != 0);

        double margin = 6 * Math.Sqrt(ones.Length * 0.25 * 0.75);
        Assert.InRange(kept, ones.Length * 0.25 - margin, ones.Length * 0.25 + margin);
    }

    [Fact]
    public void Dropout_InInference_ChangesNothing()
    {
        float[] x = Numbers.Uniform(seed: 35, Images * Shape.Count, -1, 1);
        using var layer = new LayerHarness(Shape, [new DropoutSpec(DropoutRate)], Images + 1, Simd.Vector128, outputHalo: 1);

        Numbers.AssertSameBits(x, layer.Forward(x, Images, training: false), "output");
        layer.AssertPaddingOfActivationsIsZero();
    }

    /// <summary>
    /// Element e of a layer's image in blocked order is draw e of (seed, dropout, epoch, sample); kept from rate · 2³² up.
    /// </summary>
    private static bool Kept(int index)
    {
        int image = index / Shape.Count;
        int channel = index / (Shape.Height * Shape.Width) % Shape.Channels;
        int pixel = index % (Shape.Height * Shape.Width);
        int element = (channel / 16 * Shape.Height * Shape.Width + pixel) * 16 + channel % 16;
        var random = new RandomStream(LayerHarness.Seed, RandomPurpose.Dropout, LayerHarness.Epoch, LayerHarness.FirstSample + (uint)image);
        return random.Bits((uint)element) / 4294967296.0 >= DropoutRate;
    }
}
