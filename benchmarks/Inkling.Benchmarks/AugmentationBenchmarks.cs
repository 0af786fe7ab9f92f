using BenchmarkDotNet.Attributes;
using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Preprocessing;

namespace Inkling.Benchmarks;

/// <summary>
/// One image of MNIST as training sees it, on one thread: each transform alone, at the largest setting that is safe for digits
/// (docs/augmentation.md). Every row includes the sampling onto the network's grid and its normalisation.
/// </summary>
public class AugmentationBenchmarks
{
    private const int Images = 256;

    private static readonly Dictionary<string, AugmentationPipeline> Pipelines = new()
    {
        ["none"] = new(),
        ["movement"] = new() { Movement = new AffineAugmentation { RotationDegrees = 15, Scale = 0.15, Shear = 0.15, ShiftPixels = 3 } },
        ["mirror"] = new() { Mirror = true },
        ["perspective"] = new() { Perspective = new Perspective { Tilt = 0.15 } },
        ["elastic_distortion"] = new() { ElasticDistortion = new ElasticDistortion { Pixels = 2, SpacingPixels = 7 } },
        ["stroke_thickness"] = new() { StrokeThickness = new StrokeThickness { Strength = 0.5 } },
        ["blur"] = new() { Blur = new Blur { DeviationPixels = 0.7 } },
        ["pixel_noise"] = new() { PixelNoise = new PixelNoise { Deviation = 20 } },
        ["tone"] = new() { Tone = new Tone { Contrast = 0.2, Brightness = 0.2 } },
        ["cutout"] = new() { Cutout = new Cutout { Pixels = 8, Probability = 1 } },
    };

    private readonly ImageSet _images = Datasets.Load("mnist").Train.Subset([.. Enumerable.Range(0, Images)]);
    private PixelNormalization[] _normalization = [];
    private AugmentationPipeline _pipeline = new();
    private PlaneLayout _layout;
    private float[] _destination = [];

    [ParamsSource(nameof(Transforms))]
    public string Transform { get; set; } = "";

    /// <summary>Side of the network's input.</summary>
    [Params(28, 56)]
    public int Side { get; set; }

    public static IEnumerable<string> Transforms => Pipelines.Keys;

    [GlobalSetup]
    public void Setup()
    {
        _pipeline = Pipelines[Transform];
        _normalization = Normalization.Measure(_images, [.. Enumerable.Range(0, Images)]).ToPixels();
        _layout = PlaneLayout.Dense(Side, Side);
        _destination = new float[_layout.Extent(1)];
    }

    [Benchmark(OperationsPerInvoke = Images)]
    public float Apply()
    {
        for (uint sample = 0; sample < Images; sample++)
        {
            _pipeline.Apply(_images, new ImageKey(1, 0, sample), _normalization, _layout, _destination);
        }

        return _destination[0];
    }
}
