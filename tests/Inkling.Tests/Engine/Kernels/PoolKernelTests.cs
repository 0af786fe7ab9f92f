using Inkling.Engine.Kernels;
using Inkling.Engine.Layers;
using Inkling.Engine.Memory;
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
    public void AveragePool_AnyShape_GivesTheTwinsBits(int channels, int height, int width, int kernelSize, int stride, int padding, int images)
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
