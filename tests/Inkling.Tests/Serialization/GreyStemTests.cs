using Inkling.Engine;
using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Serialization;

/// <summary>A stem for grey images in the file of a model that clients feed with colour.</summary>
public sealed class GreyStemTests
{
    private static readonly Network Grey = new(
        new Shape(1, 8, 8), [new ConvolutionSpec("stem", 8, 4, 4, Bias: false), new GlobalMaxPoolSpec(), new LinearSpec("head", 3)]);

    [Fact]
    public void Write_GreyStem_SharesEachFilterOutByLuma()
    {
        using NetworkWeights weights = Grey.Initialize(seed: 1);
        float[] filters = weights.Get(Grey.Parameters[0]);

        NamedTensor stored = Stored(weights);

        Assert.Equal([8, 3, 4, 4], stored.Shape);
        for (int filter = 0; filter < 8; filter++)
        {
            for (int tap = 0; tap < 16; tap++)
            {
                float value = filters[filter * 16 + tap];
                Assert.Equal(0.299 * value, stored.Values[filter * 48 + tap], 1e-7 * Math.Abs(value));
                Assert.Equal(0.587 * value, stored.Values[filter * 48 + 16 + tap], 1e-7 * Math.Abs(value));
                Assert.Equal(0.114 * value, stored.Values[filter * 48 + 32 + tap], 1e-7 * Math.Abs(value));
            }
        }
    }

    [Fact]
    public void Read_AfterWrite_GivesEveryBitBack()
    {
        using NetworkWeights weights = Grey.Initialize(seed: 1);
        float[] extremes =
        [
            0, -0f, float.Epsilon, -float.Epsilon, 3 * float.Epsilon, 1.17549435e-38f, float.MaxValue, -float.MaxValue,
            1, 2, 0.5f, 1.0000001f, 0.99999994f, 1.9999999f, 1e-40f, -7e-41f,
        ];
        for (ulong seed = 0; seed < 200; seed++)
        {
            float[] filters = [.. extremes, .. Numbers.Uniform(seed, 8 * 16 - extremes.Length, -1, 1)];
            weights.Set(Grey.Parameters[0], filters);

            using NetworkWeights read = WeightsFile.Read(Grey, SafeTensorsFile.Parse(WeightsFile.Write(weights, 0).ToBytes(), "m"), "m");

            Numbers.AssertSameBits(filters, read.Get(Grey.Parameters[0]), "stem");
        }
    }

    [Fact]
    public void Read_SharesThatAddUpToInfinity_Throws()
    {
        using NetworkWeights weights = Grey.Initialize(seed: 1);
        SafeTensorsFile file = WeightsFile.Write(weights, 0);
        Array.Fill(file.Tensors.Single(tensor => tensor.Name == "stem.weight").Values, float.MaxValue);

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => WeightsFile.Read(Grey, file, "m"));

        Assert.Contains("finite values in stem.weight", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StemOfOneChannel_Throws()
    {
        using NetworkWeights weights = Grey.Initialize(seed: 1);
        var file = new SafeTensorsFile(Grey.Parameters.Select(p => new NamedTensor(p.Name, p.Dimensions, weights.Get(p))));

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => WeightsFile.Read(Grey, file, "m"));

        Assert.Contains("stem.weight of [8, 3, 4, 4], found [8, 1, 4, 4]", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NetworkThatBeginsOtherwise_KeepsItsTensors()
    {
        var flat = new Network(new Shape(1, 4, 4), [new FlattenSpec(), new LinearSpec("head", 3)]);
        var colour = new Network(new Shape(3, 4, 4), [new ConvolutionSpec("stem", 2, 3), new GlobalMaxPoolSpec()]);
        using NetworkWeights flatWeights = flat.Initialize(seed: 1);
        using NetworkWeights colourWeights = colour.Initialize(seed: 1);

        Assert.Equal([3, 16], WeightsFile.Write(flatWeights, 0).Tensors.Single(tensor => tensor.Name == "head.weight").Shape);
        Assert.Equal(colourWeights.Get(colour.Parameters[0]), Stored(colourWeights).Values);
    }

    private static NamedTensor Stored(NetworkWeights weights) =>
        WeightsFile.Write(weights, 0).Tensors.Single(tensor => tensor.Name == "stem.weight");
}
