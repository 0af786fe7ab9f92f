using System.Globalization;
using Inkling.Data;
using Inkling.Preprocessing;

namespace Inkling.Quality;

/// <summary>The normalisation values, from the training part only.</summary>
internal static class PixelChecks
{
    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        ImageDataset dataset = context.Images.Dataset;
        Normalization measured = Normalization.Measure(dataset.Train, context.Images.Members("train"));
        string Text(IEnumerable<double> values) => string.Join(
            ", ", values.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)));
        string typed = dataset.Channels == 1
            ? "The often-typed 0.1307 and 0.3081 are those of MNIST's training images"
            : "The often-typed 0.485, 0.456, 0.406 and 0.229, 0.224, 0.225 are ImageNet's";
        yield return new QualityCheck
        {
            Id = "normalization",
            Title = "Pixel statistics",
            Split = "train",
            Value = measured.Mean[0],
            Threshold = 1,
            Verdict = Verdict.Passed,
            Finding = $"Mean {Text(measured.Mean)}, standard deviation {Text(measured.StandardDeviation)} on the scale 0 to 1. {typed}.",
            Measure = "Training measures its own part again, without validation images, and stores the values in the package.",
        };
    }
}
