using System.Text;
using System.Text.Json.Nodes;
using Inkling.Augmentation;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Preprocessing;
using Inkling.Serialization;
using Inkling.Tests.Support;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Training.Recipes;

public class RecipeTests
{
    private const string AllLayers = """
        [
          {"convolution": {"name": "conv1", "out_channels": 32, "kernel_size": 3, "stride": 1, "padding": 1, "bias": false}},
          {"batch_norm": {"name": "bn1", "epsilon": 1e-5, "momentum": 0.1}},
          {"relu": {}},
          {"max_pool": {"kernel_size": 2, "stride": 2, "padding": 0}},
          {"average_pool": {"kernel_size": 3, "stride": 2, "padding": 1}},
          {"residual": {"body": [{"relu": {}}], "shortcut": []}},
          {"global_average_pool": {}},
          {"global_max_pool": {}},
          {"flatten": {}},
          {"dropout": {"rate": 0.25}},
          {"linear": {"name": "fc1", "out_features": 64, "bias": false}},
          {"residual": {"body": [{"linear": {"name": "fc2", "out_features": "classes", "bias": true}}],
                        "shortcut": [{"linear": {"name": "fc3", "out_features": "classes", "bias": false}}]}}
        ]
        """;

    public static TheoryData<string> BuiltIn => [.. Recipe.BuiltIn];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Load_BuiltIn_HasItsOwnNameAndRoundTrips(string name)
    {
        Recipe recipe = Recipe.Load(name);
        string text = Text(recipe);

        Assert.Equal(name, recipe.Name);
        Assert.Equal(text, Text(Recipe.Parse(Encoding.UTF8.GetBytes(text), name)));
    }

    [Fact]
    public void BuiltIn_Names_AreThose() =>
        Assert.Equal(["best", "fashion-standard", "quick", "sprint", "standard", "tiny"], Recipe.BuiltIn);

    [Fact]
    public void Load_Standard_GivesEveryValue()
    {
        Recipe recipe = Recipe.Load("standard");

        Assert.Equal(1UL, recipe.Seed);
        Assert.Equal(new InputRecipe(1, 56, 56, Framing.Digit), recipe.Input);
        Assert.Equal(new SplitRecipe(2000), recipe.Split);
        var movement = new AffineAugmentation { RotationDegrees = 10, Scale = 0.1, Shear = 0.1, ShiftPixels = 2 };
        Assert.Equal(new AugmentationPipeline { Movement = movement }, recipe.Augmentation);
        ResNet resNet = Assert.IsType<ResNetRecipe>(recipe.Network).Architecture;
        Assert.Equal(48, resNet.EmbeddingSize);
        Assert.Equal([48, 96, 192], resNet.HiddenSizes);
        Assert.Equal([1, 1, 1], resNet.Depths);
        Assert.Equal(new LossRecipe(0.05), recipe.Loss);
        Assert.Equal(new MuonRecipe(0.9, 0.4, 0.005), recipe.Optimizer);
        Assert.Equal(new OneCycleSchedule(0.2, 0.25, 25, 10000), recipe.Schedule);
        Assert.Null(recipe.Averaging);
        Assert.Equal((7, 128, 32), (recipe.Epochs, recipe.BatchSize, recipe.ChunkSize));
        Assert.Equal(new ProgressiveResizing(4, 32, 32), recipe.ProgressiveResizing);
    }

    [Fact]
    public void Load_UnknownName_TellsTheKnownOnes()
    {
        RecipeException exception = Assert.Throws<RecipeException>(() => Recipe.Load("qick"));

        Assert.Equal("qick", exception.Recipe);
        Assert.Contains("known are best, fashion-standard, quick, sprint, standard, tiny", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AbsentFile_Throws() =>
        Assert.Contains(
            "doesn't exist", Assert.Throws<RecipeException>(() => Recipe.Load("absent/r.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_OtherChoices_RoundTrip()
    {
        string text = Changed(json =>
        {
            json["augmentation"] = null;
            json["averaging"] = JsonNode.Parse("""{"decay": 0.99}""");
            json["optimizer"] = JsonNode.Parse("""{"adamw": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01}}""");
            json["schedule"] = JsonNode.Parse("""{"cosine": {"peak_learning_rate": 0.2, "warmup_fraction": 0.05, "final_learning_rate": 0}}""");
            json["network"] = new JsonObject { ["layers"] = JsonNode.Parse(AllLayers) };
        });

        Recipe recipe = Parse(text);

        Assert.Null(recipe.Augmentation);
        Assert.Equal(new AveragingRecipe(0.99), recipe.Averaging);
        Assert.Equal(new AdamWRecipe(0.9, 0.999, 1e-8, 0.01), recipe.Optimizer);
        Assert.Equal(new CosineSchedule(0.2, 0.05, 0), recipe.Schedule);
        Assert.Equal(text, Text(recipe));
    }

    [Fact]
    public void Parse_Muon_RoundTrips()
    {
        string text = Changed(json => json["optimizer"] = JsonNode.Parse("""{"muon": {"momentum": 0.9, "filter_rate": 0.2, "weight_decay": 0.005}}"""));

        Recipe recipe = Parse(text);

        Assert.Equal(new MuonRecipe(0.9, 0.2, 0.005), recipe.Optimizer);
        Assert.Equal(text, Text(recipe));
    }

    [Fact]
    public void Expand_Layers_ResolvesClassesEverywhere()
    {
        Recipe recipe = Parse(Changed(json => json["network"] = new JsonObject { ["layers"] = JsonNode.Parse(AllLayers) }));

        IReadOnlyList<LayerSpec> layers = recipe.Network.Expand(classes: 10);

        Assert.Equal(new ConvolutionSpec("conv1", 32, 3, 1, 1, false), layers[0]);
        Assert.Equal(new BatchNormSpec("bn1", 1e-5f, 0.1f), layers[1]);
        Assert.Equal(new AveragePoolSpec(3, 2, 1), layers[4]);
        Assert.Equal(new LinearSpec("fc1", 64, false), layers[10]);
        ResidualSpec residual = Assert.IsType<ResidualSpec>(layers[11]);
        Assert.Equal([new LinearSpec("fc2", 10, true)], residual.Body);
        Assert.Equal([new LinearSpec("fc3", 10, false)], residual.Shortcut);
    }

    [Fact]
    public void Parse_ManyFaults_TellsAllWithTheirLines()
    {
        const string Text = """
            {
              "name": "a b",
              "seed": 1.5,
              "input": { "channels": 2, "height": 0, "width": "56", "framing": "photo" },
              "split": { "validation": -1 },
              "augmentation": { "rotation": 10, "scale": 1, "shear": 0.1, "shift_pixels": 2 },
              "network": { "resnet": { "embedding_size": 32, "hidden_sizes": [32, 0], "depths": [1] } },
              "loss": { "label_smoothing": true },
              "optimizer": { "lion": {} },
              "schedule": {
                "one_cycle": { "peak_learning_rate": 0, "warmup_fraction": 2, "initial_divisor": 0.5, "final_divisor": 1 }
              },
              "averaging": { "decay": 1 },
              "epochs": 0,
              "batch_size": 100,
              "chunk_size": 32,
              "colour": "red"
            }
            """;

        RecipeException exception = Assert.Throws<RecipeException>(() => Parse(Text));

        Assert.Equal(
            [
                ("$", 1), ("$.colour", 17), ("$.name", 2), ("$.seed", 3),
                ("$.input.channels", 4), ("$.input.height", 4), ("$.input.width", 4), ("$.input.framing", 4),
                ("$.split.validation", 5), ("$.augmentation", 6), ("$.augmentation.rotation", 6), ("$.augmentation.scale", 6),
                ("$.network.resnet.hidden_sizes[1]", 7), ("$.network.resnet", 7), ("$.loss.label_smoothing", 8), ("$.optimizer", 9),
                ("$.schedule.one_cycle.peak_learning_rate", 11), ("$.schedule.one_cycle.warmup_fraction", 11),
                ("$.schedule.one_cycle.initial_divisor", 11),
                ("$.averaging.decay", 13), ("$.epochs", 14), ("$.batch_size", 15),
            ],
            exception.Faults.Select(fault => (fault.Path, fault.Line ?? 0)));
        Assert.Equal("$: missing key \"description\"", (exception.Faults[0] with { Line = null }).ToString());
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Write_EveryTransform_ReadsBackEqual()
    {
        Recipe recipe = Parse(Changed(json =>
        {
            JsonObject augmentation = json["augmentation"]!.AsObject();
            foreach ((string key, JsonNode? value) in JsonNode.Parse(EveryTransform)!.AsObject())
            {
                augmentation[key] = value!.DeepClone();
            }
        }));

        Assert.Equal(recipe.Augmentation, Parse(Text(recipe)).Augmentation);
        Assert.True(recipe.Augmentation!.Mirror);
        Assert.Equal(0.2, recipe.Augmentation.Perspective!.Tilt);
        Assert.Equal(new ElasticDistortion { Pixels = 1.5, SpacingPixels = 7 }, recipe.Augmentation.ElasticDistortion);
        Assert.Equal(0.5, recipe.Augmentation.StrokeThickness!.Strength);
        Assert.Equal(0.75, recipe.Augmentation.Blur!.DeviationPixels);
        Assert.Equal(12, recipe.Augmentation.PixelNoise!.Deviation);
        Assert.Equal(new Tone { Contrast = 0.2, Brightness = 0.1 }, recipe.Augmentation.Tone);
        Assert.Equal(new Cutout { Pixels = 8, Probability = 0.5 }, recipe.Augmentation.Cutout);
        Assert.Equal(new Mixup { Alpha = 0.4, Probability = 0.3 }, recipe.Augmentation.Mixup);
        Assert.Equal(new Cutmix { Alpha = 1, Probability = 0.2 }, recipe.Augmentation.Cutmix);
    }

    public static TheoryData<string> Presets => [.. AugmentationPresets.ByName.Keys];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Parse_Preset_IsWhatTheDocumentationSaysAndIsWrittenInFull(string name)
    {
        string row = File.ReadLines(Repository.Path("docs/augmentation.md")).Single(
            line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal));
        JsonNode documented = JsonNode.Parse(row.Split('`')[^2])!;

        Recipe recipe = Parse(Changed(json => json["augmentation"] = name));

        Assert.Equal(Parse(Changed(json => json["augmentation"] = documented.DeepClone())).Augmentation, recipe.Augmentation);
        Assert.True(JsonNode.DeepEquals(documented, JsonNode.Parse(Text(recipe))!["augmentation"]));
    }

    [Fact]
    public void Parse_PresetForDigits_NeitherMirrorsNorTurnsA6IntoA9() => Assert.All(
        Presets.Select(row => row.Data).Where(name => name.StartsWith("digits", StringComparison.Ordinal)),
        name =>
        {
            AugmentationPipeline pipeline = Parse(Changed(json => json["augmentation"] = name)).Augmentation!;

            Assert.False(pipeline.Mirror);
            Assert.InRange(pipeline.Movement.RotationDegrees, 0, 20);
            Assert.InRange(pipeline.Movement.ShiftPixels, 0, 4);
        });

    [Fact]
    public void Parse_UnknownPreset_TellsTheKnownOnes()
    {
        string text = Changed(json => json["augmentation"] = "digit");

        JsonFault fault = Assert.Single(Assert.Throws<RecipeException>(() => Parse(text)).Faults);

        Assert.Equal("$.augmentation", fault.Path);
        Assert.Contains("digits, digits-light, digits-strong, upright-things", fault.Message, StringComparison.Ordinal);
        Assert.Contains("found \"digit\"", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FaultyTransforms_TellsAll()
    {
        string text = Changed(json =>
        {
            JsonObject augmentation = json["augmentation"]!.AsObject();
            augmentation["mirror"] = 1;
            augmentation["perspective"] = new JsonObject { ["tilt"] = 0.5 };
            augmentation["cutout"] = new JsonObject { ["pixels"] = 8 };
            augmentation["mixup"] = new JsonObject { ["alpha"] = 0, ["probability"] = 2 };
            augmentation["swirl"] = new JsonObject();
        });

        RecipeException exception = Assert.Throws<RecipeException>(() => Parse(text));

        Assert.Equal(
            [
                "$.augmentation.cutout", "$.augmentation.mirror", "$.augmentation.mixup.alpha", "$.augmentation.mixup.probability",
                "$.augmentation.perspective.tilt", "$.augmentation.swirl",
            ],
            exception.Faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_ProgressiveResizing_ReadsBackEqualAndIsLeftOutWhereThereIsNone()
    {
        Recipe recipe = Parse(
            Changed(json => json["progressive_resizing"] = new JsonObject { ["epochs"] = 1, ["height"] = 16, ["width"] = 20 }));

        Assert.Equal(new ProgressiveResizing(1, 16, 20), recipe.ProgressiveResizing);
        Assert.Equal(recipe.ProgressiveResizing, Parse(Text(recipe)).ProgressiveResizing);
        Assert.DoesNotContain("progressive_resizing", Text(recipe with { ProgressiveResizing = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FaultyProgressiveResizing_TellsAll()
    {
        string text = Changed(json =>
        {
            json["epochs"] = 4;
            json["progressive_resizing"] = new JsonObject { ["epochs"] = 4, ["height"] = 29, ["width"] = 0, ["depth"] = 1 };
        });

        RecipeException exception = Assert.Throws<RecipeException>(() => Parse(text));

        Assert.Equal(
            ["$.progressive_resizing.depth", "$.progressive_resizing.epochs", "$.progressive_resizing.height", "$.progressive_resizing.width"],
            exception.Faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_Refinement_ReadsBackEqualAndIsLeftOutWhereThereIsNone()
    {
        Recipe recipe = Parse(
            Changed(json => json["refinement"] = new JsonObject { ["epochs"] = 1, ["augmentation"] = "digits-light", ["loss"] = Loss(0) }));
        Recipe bare = Parse(
            Changed(json => json["refinement"] = new JsonObject { ["epochs"] = 1, ["augmentation"] = null, ["loss"] = Loss(0.1) }));

        Assert.Equal(new Refinement(1, AugmentationPresets.ByName["digits-light"], new LossRecipe(0)), recipe.Refinement);
        Assert.Equal(recipe.Refinement, Parse(Text(recipe)).Refinement);
        Assert.Equal(new Refinement(1, null, new LossRecipe(0.1)), Parse(Text(bare)).Refinement);
        Assert.DoesNotContain("refinement", Text(recipe with { Refinement = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FaultyRefinement_TellsAll()
    {
        string text = Changed(json =>
        {
            json["epochs"] = 4;
            json["refinement"] = new JsonObject { ["epochs"] = 4, ["augmentation"] = "digits-heavy", ["loss"] = Loss(1), ["rate"] = 1 };
        });

        RecipeException exception = Assert.Throws<RecipeException>(() => Parse(text));

        Assert.Equal(
            ["$.refinement.augmentation", "$.refinement.epochs", "$.refinement.loss.label_smoothing", "$.refinement.rate"],
            exception.Faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parse_EmptyObject_TellsEveryMissingKey()
    {
        RecipeException exception = Assert.Throws<RecipeException>(() => Parse("{}"));

        Assert.Equal(14, exception.Faults.Count);
        Assert.All(exception.Faults, fault => Assert.StartsWith("missing key", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_ThousandsOfFaults_TellsTheFirstHundred()
    {
        string text = "{" + string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\":[1,2]")) + "}";

        Assert.Equal(100, Assert.Throws<RecipeException>(() => Parse(text)).Faults.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"name\": \"a\", \"name\": \"b\"}")]
    [InlineData("{\"name\": \"a\",}")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    [InlineData("// a comment\n{}")]
    public void Parse_NotJson_IsOneFault(string text) =>
        Assert.Single(Assert.Throws<RecipeException>(() => Parse(text)).Faults);

    [Fact]
    public void Parse_SyntaxError_TellsItsLine() =>
        Assert.Equal(3, Assert.Throws<RecipeException>(() => Parse("{\n\"a\": 1,\n!}")).Faults[0].Line);

    [Theory]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("[{\"relu\": {}, \"flatten\": {}}]")]
    [InlineData("[{\"relu\": {\"slope\": 0.1}}]")]
    [InlineData("[{\"swish\": {}}]")]
    [InlineData("[{\"dropout\": {\"rate\": 1}}]")]
    [InlineData("[{\"dropout\": {\"rate\": 0.99999999999}}]")]
    [InlineData("[{\"max_pool\": {\"kernel_size\": 2, \"stride\": 2, \"padding\": 2}}]")]
    [InlineData("[{\"linear\": {\"name\": \"fc\", \"out_features\": \"labels\", \"bias\": true}}]")]
    [InlineData("[{\"linear\": {\"name\": \"../fc\", \"out_features\": 1, \"bias\": true}}]")]
    [InlineData("[{\"batch_norm\": {\"name\": \"bn\", \"epsilon\": 0, \"momentum\": 0.1}}]")]
    [InlineData("[{\"residual\": {\"body\": [], \"shortcut\": []}}]")]
    public void Parse_FaultyLayer_IsOneFault(string layers)
    {
        string text = Changed(json => json["network"] = new JsonObject { ["layers"] = JsonNode.Parse(layers) });

        Assert.Single(Assert.Throws<RecipeException>(() => Parse(text)).Faults);
    }

    [Fact]
    public void Parse_TwoLayersOfOneName_Throws()
    {
        string text = Changed(json => json["network"] = JsonNode.Parse("""
            {"layers": [{"linear": {"name": "fc", "out_features": 1, "bias": true}},
                        {"residual": {"body": [{"linear": {"name": "fc", "out_features": 1, "bias": true}}], "shortcut": []}}]}
            """));

        JsonFault fault = Assert.Single(Assert.Throws<RecipeException>(() => Parse(text)).Faults);

        Assert.Equal("$.network.layers[1].residual.body[0].linear.name", fault.Path);
        Assert.Contains("\"fc\"", text.Split('\n')[fault.Line!.Value - 1], StringComparison.Ordinal);
    }

    private const string EveryTransform = """
        {
          "mirror": true,
          "perspective": { "tilt": 0.2 },
          "elastic_distortion": { "pixels": 1.5, "spacing_pixels": 7 },
          "stroke_thickness": { "strength": 0.5 },
          "blur": { "deviation_pixels": 0.75 },
          "pixel_noise": { "deviation": 12 },
          "tone": { "contrast": 0.2, "brightness": 0.1 },
          "cutout": { "pixels": 8, "probability": 0.5 },
          "mixup": { "alpha": 0.4, "probability": 0.3 },
          "cutmix": { "alpha": 1, "probability": 0.2 }
        }
        """;

    private static string Text(Recipe recipe) => CanonicalJson.Write(RecipeJson.Write(recipe));

    private static JsonObject Loss(double smoothing) => new() { ["label_smoothing"] = smoothing };

    private static Recipe Parse(string text) => Recipe.Parse(Encoding.UTF8.GetBytes(text), "test");

    private static string Changed(Action<JsonObject> change)
    {
        JsonObject json = RecipeJson.Write(Recipe.Load("quick"));
        change(json);
        return CanonicalJson.Write(json);
    }
}
