using System.Text.Json.Nodes;
using Inkling.Augmentation;
using Inkling.Serialization;

namespace Inkling.Training.Recipes;

/// <summary>
/// The JSON form of a recipe's augmentation, both ways: the four movements, and a key for each transform that is made. A preset's name
/// is read as what it stands for, and never written: a lock holds the values.
/// </summary>
internal static class AugmentationJson
{
    private const string OwnKey = "own";
    private const int MostOwn = 100;

    private static readonly string[] Movements = ["rotation_degrees", "scale", "shear", "shift_pixels"];

    private static readonly string[] Transforms =
    [
        "mirror", "perspective", "elastic_distortion", "stroke_thickness", "blur", "pixel_noise", "tone", "cutout", "mixup", "cutmix", OwnKey,
    ];

    /// <param name="value">An object or, unless it has to be <paramref name="inFull"/>, a preset's name.</param>
    /// <param name="inFull">Whether every value has to stand there.</param>
    public static AugmentationPipeline Read(StrictValue value, bool inFull)
    {
        if (value.IsText && !inFull)
        {
            return ReadPreset(value);
        }

        StrictObject augmentation = value.Object(Movements, Transforms);
        StrictValue mirror = augmentation["mirror"];
        return new AugmentationPipeline
        {
            Movement = new AffineAugmentation
            {
                RotationDegrees = Bounded(augmentation["rotation_degrees"], 0, AffineAugmentation.MaxRotationDegrees),
                Scale = Bounded(augmentation["scale"], 0, AffineAugmentation.MaxScale),
                Shear = Bounded(augmentation["shear"], 0, AffineAugmentation.MaxShear),
                ShiftPixels = Bounded(augmentation["shift_pixels"], 0, AffineAugmentation.MaxShiftPixels),
            },
            Mirror = !mirror.IsMissing && mirror.Flag(),
            Perspective = Transform(augmentation["perspective"], ["tilt"], settings => new Perspective
            {
                Tilt = Bounded(settings["tilt"], 0, Perspective.MaxTilt),
            }),
            ElasticDistortion = Transform(augmentation["elastic_distortion"], ["pixels", "spacing_pixels"], settings => new ElasticDistortion
            {
                Pixels = Bounded(settings["pixels"], 0, ElasticDistortion.MaxPixels),
                SpacingPixels = Bounded(settings["spacing_pixels"], ElasticDistortion.MinSpacingPixels, ElasticDistortion.MaxSpacingPixels),
            }),
            StrokeThickness = Transform(augmentation["stroke_thickness"], ["strength"], settings => new StrokeThickness
            {
                Strength = Bounded(settings["strength"], 0, StrokeThickness.MaxStrength),
            }),
            Blur = Transform(augmentation["blur"], ["deviation_pixels"], settings => new Blur
            {
                DeviationPixels = Bounded(settings["deviation_pixels"], 0, Blur.MaxDeviationPixels),
            }),
            PixelNoise = Transform(augmentation["pixel_noise"], ["deviation"], settings => new PixelNoise
            {
                Deviation = Bounded(settings["deviation"], 0, PixelNoise.MaxDeviation),
            }),
            Tone = Transform(augmentation["tone"], ["contrast", "brightness"], settings => new Tone
            {
                Contrast = Bounded(settings["contrast"], 0, Tone.MaxContrast),
                Brightness = Bounded(settings["brightness"], 0, Tone.MaxBrightness),
            }),
            Cutout = Transform(augmentation["cutout"], ["pixels", "probability"], settings => new Cutout
            {
                Pixels = Bounded(settings["pixels"], 0, Cutout.MaxPixels),
                Probability = Bounded(settings["probability"], 0, 1),
            }),
            Mixup = Transform(augmentation["mixup"], ["alpha", "probability"], settings => new Mixup
            {
                Alpha = Bounded(settings["alpha"], BetaDistribution.MinAlpha, BetaDistribution.MaxAlpha),
                Probability = Bounded(settings["probability"], 0, 1),
            }),
            Cutmix = Transform(augmentation["cutmix"], ["alpha", "probability"], settings => new Cutmix
            {
                Alpha = Bounded(settings["alpha"], BetaDistribution.MinAlpha, BetaDistribution.MaxAlpha),
                Probability = Bounded(settings["probability"], 0, 1),
            }),
            Own = augmentation[OwnKey].IsMissing ? [] : augmentation[OwnKey].List(new Interval(1, MostOwn), ReadOwn),
        };
    }

    public static JsonObject Write(AugmentationPipeline augmentation)
    {
        var json = new JsonObject
        {
            ["rotation_degrees"] = augmentation.Movement.RotationDegrees,
            ["scale"] = augmentation.Movement.Scale,
            ["shear"] = augmentation.Movement.Shear,
            ["shift_pixels"] = augmentation.Movement.ShiftPixels,
        };
        if (augmentation.Mirror)
        {
            json["mirror"] = true;
        }

        Add("perspective", augmentation.Perspective, t => new() { ["tilt"] = t.Tilt });
        Add("elastic_distortion", augmentation.ElasticDistortion, t => new() { ["pixels"] = t.Pixels, ["spacing_pixels"] = t.SpacingPixels });
        Add("stroke_thickness", augmentation.StrokeThickness, t => new() { ["strength"] = t.Strength });
        Add("blur", augmentation.Blur, t => new() { ["deviation_pixels"] = t.DeviationPixels });
        Add("pixel_noise", augmentation.PixelNoise, t => new() { ["deviation"] = t.Deviation });
        Add("tone", augmentation.Tone, t => new() { ["contrast"] = t.Contrast, ["brightness"] = t.Brightness });
        Add("cutout", augmentation.Cutout, t => new() { ["pixels"] = t.Pixels, ["probability"] = t.Probability });
        Add("mixup", augmentation.Mixup, t => new() { ["alpha"] = t.Alpha, ["probability"] = t.Probability });
        if (augmentation.Own.Count > 0)
        {
            json[OwnKey] = new JsonArray([.. augmentation.Own.Select(own => (JsonNode)new JsonObject
            {
                ["name"] = own.Name,
                ["settings"] = new JsonObject(own.Settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
            })]);
        }

        Add("cutmix", augmentation.Cutmix, t => new() { ["alpha"] = t.Alpha, ["probability"] = t.Probability });
        return json;

        void Add<T>(string key, T? transform, Func<T, JsonObject> write)
            where T : class
        {
            if (transform is not null)
            {
                json[key] = write(transform);
            }
        }
    }

    /// <summary>Names of the transforms that are made, beside the four movements.</summary>
    public static IEnumerable<string> TransformsOf(AugmentationPipeline augmentation) =>
        [.. Transforms.Where(key => key != OwnKey && Write(augmentation).ContainsKey(key)), .. augmentation.Own.Select(own => own.Name)];

    private static AugmentationPipeline ReadPreset(StrictValue value)
    {
        IReadOnlyDictionary<string, AugmentationPipeline> presets = AugmentationPresets.ByName;
        string name = value.Text(presets.ContainsKey, $"an object or the name of a preset ({string.Join(", ", presets.Keys)})");

        // What is faulty has been reported.
        return presets.GetValueOrDefault(name, new AugmentationPipeline());
    }

    private static OwnTransform ReadOwn(StrictValue value)
    {
        StrictObject own = value.Object("name", "settings");
        string name = own["name"].Text(OwnTransform.IsName, "1 to 100 lower-case letters, digits and '_'");
        IReadOnlyDictionary<string, double> settings = own["settings"].Map(number => number.Number(new Interval(double.MinValue, double.MaxValue)));

        // What is faulty has been reported.
        return new OwnTransform(OwnTransform.IsName(name) ? name : "faulty", settings.Where(setting => OwnTransform.IsName(setting.Key)).ToDictionary(), change: null);
    }

    private static T? Transform<T>(StrictValue value, string[] keys, Func<StrictObject, T> read)
        where T : class => value.IsMissing ? null : read(value.Object(keys));

    /// <summary>A value out of bounds has been reported; the transform would refuse it a second time.</summary>
    private static double Bounded(StrictValue value, double least, double most) =>
        Math.Clamp(value.Number(new Interval(least, most)), least, most);
}
