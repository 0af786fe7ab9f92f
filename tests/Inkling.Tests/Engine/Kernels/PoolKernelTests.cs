using Inkling.Engine;
using Inkling.Tests.Engine.Reference;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Kernels;

public sealed class PoolKernelTests
{
    /// <summary>channels, height, width, kernelSize, stride, padding, images; kernelSize 0 is the whole map.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Cases { get; } = new()
    {
        { 16, 4, 4, 2, 2, 0, 1 },
        { 20, 6, 8, 2, 2, 0, 3 },
        { 20, 7, 8, 2, 2, 0, 3 },
        { 17, 7, 5, 3, 2, 1, 3 },
        { 20, 6, 8, 3, 2, 1, 3 },
        { 16, 2, 2, 3, 2, 1, 1 },
        { 5, 9, 8, 3, 1, 1, 2 },
        { 40, 6, 11, 2, 3, 0, 2 },
        { 1, 13, 29, 5, 2, 2, 5 },
        { 3, 3, 3, 3, 1, 2, 1 },
        { 33, 1, 1, 1, 1, 0, 4 },
        { 17, 6, 3, 0, 1, 0, 3 },
        { 2, 1, 9, 0, 1, 0, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void MaxPool_ManyTies_GivesTheTwinsBits(int channels, int height, int width, int kernelSize, int stride, int padding, int images)
    {
        var input = new Shape(channels, height, width);
        LayerSpec spec = kernelSize == 0 ? new GlobalMaxPoolSpec() : new MaxPoolSpec(kernelSize, stride, padding);
        float[] x = Numbers.Integers(seed: 21, images * input.Count, bound: 4);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using var layer = new LayerHarness(input, [spec], images + 1, simd, outputHalo: 1);
            PoolTwin twin = Twin(layer, kernelSize, stride, padding, images);
            (float[] y, int[] winners) = twin.Max(x);
            float[] gradOutput = Numbers.Uniform(seed: 22, y.Length, -1, 1);

            Numbers.AssertSameBits(y, layer.Forward(x, images, training: false), $"{simd} output in inference");
            Numbers.AssertSameBits(y, layer.Forward(x, images, training: true), $"{simd} output");
            Numbers.AssertSameBits(twin.MaxBackward(gradOutput, winners), layer.Backward(gradOutput, images), $"{simd} gradInput");
            layer.AssertPaddingIsZero();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MaxPool_BehindBatchNorm_GivesTheBitsOfOneAfterTheOther(
        int channels, int height, int width, int kernelSize, int stride, int padding, int images)
    {
        var input = new Shape(channels, height, width);
        LayerSpec pool = kernelSize == 0 ? new GlobalMaxPoolSpec() : new MaxPoolSpec(kernelSize, stride, padding);
        float[] x = Numbers.Uniform(seed: 25, images * input.Count, -1, 1);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            foreach (LayerSpec[] norm in (LayerSpec[][])[[new BatchNormSpec("norm")], [new BatchNormSpec("norm"), new ReluSpec()]])
            {
                using var both = new LayerHarness(input, [.. norm, pool], images + 1, simd, outputHalo: 1);
                using var first = new LayerHarness(input, norm, images + 1, simd);
                using var second = new LayerHarness(input, [pool], images + 1, simd);
                Dictionary<string, float[]> values = both.Randomize(seed: 26);
                first.Set(first.Parameters[0], values["norm.weight"]);
                first.Set(first.Parameters[1], values["norm.bias"]);

                float[] y = second.Forward(first.Forward(x, images, training: true), images, training: true);
                float[] gradOutput = Numbers.Uniform(seed: 27, y.Length, -1, 1);
                float[] gradInput = first.Backward(second.Backward(gradOutput, images), images);

                Numbers.AssertSameBits(y, both.Forward(x, images, training: true), $"{simd} output");
                Numbers.AssertSameBits(gradInput, both.Backward(gradOutput, images), $"{simd} gradInput");
                Numbers.AssertSameBits(first.Gradient("norm.weight"), both.Gradient("norm.weight"), $"{simd} gradWeight");
                Numbers.AssertSameBits(first.Gradient("norm.bias"), both.Gradient("norm.bias"), $"{simd} gradBias");
                both.AssertPaddingOfActivationsIsZero();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AveragePool_AnyShape_GivesTheTwinsBits(
        int channels, int height, int width, int kernelSize, int stride, int padding, int images)
    {
        var input = new Shape(channels, height, width);
        LayerSpec spec = kernelSize == 0 ? new GlobalAveragePoolSpec() : new AveragePoolSpec(kernelSize, stride, padding);
        float[] x = Numbers.Uniform(seed: 23, images * input.Count, -1, 1);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using var layer = new LayerHarness(input, [spec], images + 1, simd, outputHalo: 1);
            PoolTwin twin = Twin(layer, kernelSize, stride, padding, images);
            float[] y = twin.Average(x);
            float[] gradOutput = Numbers.Uniform(seed: 24, y.Length, -1, 1);

            Numbers.AssertSameBits(y, layer.Forward(x, images, training: true), $"{simd} output");
            Numbers.AssertSameBits(twin.AverageBackward(gradOutput), layer.Backward(gradOutput, images), $"{simd} gradInput");
            layer.AssertPaddingIsZero();
        }
    }

    private static PoolTwin Twin(LayerHarness layer, int kernelSize, int stride, int padding, int images) => kernelSize == 0
        ? new PoolTwin(layer.Input.Shape, layer.OutputShape, images, layer.Input.Shape.Height, layer.Input.Shape.Width, 1, 0)
        : new PoolTwin(layer.Input.Shape, layer.OutputShape, images, kernelSize, kernelSize, stride, padding);
}
