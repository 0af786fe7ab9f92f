using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Serialization;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging;

public class HuggingFaceConfigTests
{
    private static readonly HuggingFaceConfig Example =
        new(new ResNetRecipe(new ResNet(32, [32, 64], [1, 1])), Channels: 1, Height: 56, Width: 56, ["zero", "one"]);

    private static readonly Normalization Grey = new([0.1307], [0.3081]);

    [Fact]
    public void ToJson_ResNet_IsWhatTransformersReads()
    {
        const string Expected = """
            {"architectures":["ResNetForImageClassification"],"depths":[1,1],"downsample_in_bottleneck":false,
            "downsample_in_first_stage":false,"embedding_size":32,"hidden_act":"relu","hidden_sizes":[32,64],
            "id2label":{"0":"zero","1":"one"},"image_size":56,"label2id":{"one":1,"zero":0},"layer_type":"basic",
            "model_type":"resnet","num_channels":1,"num_labels":2,"torch_dtype":"float32",
            "transformers.js_config":{"dtype":"fp32"}}
            """;

        Assert.Equal(Expected.Replace("\n", ""), CanonicalJson.WriteLine(Example.ToJson()));
    }

    [Fact]
    public void Write_ThenRead_ResNetIsTheSame()
    {
        using var folder = new TemporaryFolder();
        Example.Write(folder["config.json"]);

        HuggingFaceConfig read = HuggingFaceConfig.Read(folder["config.json"]);

        Assert.Equal(CanonicalJson.Write(Example.ToJson()), CanonicalJson.Write(read.ToJson()));
        Assert.Equal(["zero", "one"], read.Classes);
    }

    [Fact]
    public void Write_ThenRead_LayersAreTheSame()
    {
        using var folder = new TemporaryFolder();
        var layers = new LayersRecipe([new FlattenSpec(), new LinearSpec("fc1", 8), new ReluSpec(), new ClassifierSpec("fc2", true)]);
        HuggingFaceConfig config = Example with { Network = layers, Width = 28 };
        config.Write(folder["config.json"]);

        HuggingFaceConfig read = HuggingFaceConfig.Read(folder["config.json"]);

        Assert.Equal(layers.Layers, Assert.IsType<LayersRecipe>(read.Network).Layers);
        Assert.Equal((56, 28), (read.Height, read.Width));
    }

    [Fact]
    public void Read_KeysThatOthersAdded_AreReadOver()
    {
        using var folder = new TemporaryFolder();
        JsonObject json = Example.ToJson();
        json["transformers_version"] = "5.0.0";
        AtomicFile.Write(folder["config.json"], CanonicalJson.Write(json));

        Assert.Equal(2, HuggingFaceConfig.Read(folder["config.json"]).Classes.Count);
    }

    [Theory]
    [InlineData("model_type", "\"vit\"")]
    [InlineData("num_channels", "2000000000")]
    [InlineData("embedding_size", "4097")]
    [InlineData("hidden_sizes", "[32]")]
    [InlineData("hidden_sizes", "[32,-1]")]
    [InlineData("hidden_sizes", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")]
    [InlineData("depths", "[1,1000000]")]
    [InlineData("layer_type", "\"bottleneck\"")]
    [InlineData("hidden_act", "\"gelu\"")]
    [InlineData("downsample_in_first_stage", "true")]
    [InlineData("image_size", "1000000000")]
    [InlineData("num_labels", "1000000000")]
    [InlineData("num_labels", "3")]
    [InlineData("id2label", "{\"0\":\"a\",\"1\":\"a\"}")]
    [InlineData("id2label", "{\"0\":\"a\",\"01\":\"b\"}")]
    public void Read_ValueThatNoNetworkOfOursHas_Throws(string key, string value)
    {
        using var folder = new TemporaryFolder();
        JsonObject json = Example.ToJson();
        json[key] = JsonNode.Parse(value);
        AtomicFile.Write(folder["config.json"], CanonicalJson.Write(json));

        Assert.Throws<ModelFormatException>(() => HuggingFaceConfig.Read(folder["config.json"]));
    }

    [Fact]
    public void Preprocessor_OfGreyImages_IsWhatClientsThatOpenPicturesInColourRead()
    {
        const string Expected = """
            {"do_convert_rgb":true,"do_normalize":true,"do_rescale":true,"do_resize":true,"image_mean":[0.1307,0.1307,0.1307],
            "image_processor_type":"ViTImageProcessor","image_std":[0.3081,0.3081,0.3081],"resample":2,
            "rescale_factor":0.00392156862745098,"size":{"height":56,"width":56}}
            """;

        Assert.Equal(Expected.Replace("\n", ""), CanonicalJson.WriteLine(PreprocessorConfig.InColour(56, 56, Grey).ToJson()));
    }

    [Fact]
    public void Preprocessor_WrittenAndRead_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        PreprocessorConfig config = PreprocessorConfig.InColour(28, 56, Grey);
        config.Write(folder["p.json"]);

        PreprocessorConfig read = PreprocessorConfig.Read(folder["p.json"]);

        Assert.Equal((28, 56), (read.Height, read.Width));
        Assert.Equal([0.1307, 0.1307, 0.1307], read.Mean);
        Assert.Equal([0.3081, 0.3081, 0.3081], read.StandardDeviation);
    }

    [Theory]
    [InlineData("image_std", "[0]")]
    [InlineData("image_std", "[1,1]")]
    [InlineData("rescale_factor", "1")]
    [InlineData("size", "{\"shortest_edge\":224}")]
    public void Preprocessor_OtherSteps_Throws(string key, string value)
    {
        using var folder = new TemporaryFolder();
        JsonObject json = PreprocessorConfig.InColour(56, 56, Grey).ToJson();
        json[key] = JsonNode.Parse(value);
        AtomicFile.Write(folder["p.json"], CanonicalJson.Write(json));

        Assert.Throws<ModelFormatException>(() => PreprocessorConfig.Read(folder["p.json"]));
    }
}
