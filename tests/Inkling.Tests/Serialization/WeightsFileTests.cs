using Inkling.Engine;
using Inkling.Packages;
using Inkling.Serialization;

namespace Inkling.Tests.Serialization;

/// <summary>Sound safetensors files that are no sound model.</summary>
public sealed class WeightsFileTests
{
    private static readonly Network Small = new(new Shape(3, 2, 2), [new ConvolutionSpec("c", 2, 2), new BatchNormSpec("n")]);

    [Theory]
    [InlineData("c.weight", float.NaN, "finite values in c.weight, found NaN at 1")]
    [InlineData("c.bias", float.NegativeInfinity, "finite values in c.bias")]
    [InlineData("n.running_var", -0.5f, "finite values of at least 0 in n.running_var, found -0.5 at 1")]
    [InlineData("n.running_var", float.NaN, "finite values of at least 0 in n.running_var")]
    public void Read_ValueThatNoModelHas_Throws(string tensor, float value, string words)
    {
        using NetworkWeights weights = Small.Initialize(seed: 1);
        SafeTensorsFile file = WeightsFile.Write(weights, 0);
        file.Tensors.Single(entry => entry.Name == tensor).Values[1] = value;

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => WeightsFile.Read(Small, file, "m"));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }
}
