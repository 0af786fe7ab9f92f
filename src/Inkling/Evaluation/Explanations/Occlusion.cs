using Inkling.Data;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Preprocessing;

namespace Inkling.Evaluation.Explanations;

/// <summary>
/// Which parts of an image an answer hangs on: each part in turn is covered, and what the answer's probability loses is its weight.
/// </summary>
/// <remarks>
/// A square of normalised zeros, the mean of the training images, goes over the network's input in ten steps along the longer side; squares
/// overlap by
/// half. It needs forward passes alone, whose bits depend on nothing but the image and the weights.
/// Source: M. D. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", 2014, arXiv:1311.2901.
/// </remarks>
internal static class Occlusion
{
    private const int Steps = 10;

    /// <summary>A map for each mistake.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images it was trained on.</param>
    /// <param name="temperature">Of its probabilities.</param>
    /// <param name="images">The images.</param>
    /// <param name="mistakes">Which, and the answers in question.</param>
    /// <param name="team">Threads.</param>
    internal static SaliencyMap[] Maps(
        NetworkWeights weights, Normalization normalization, double temperature, ImageSet images, IReadOnlyList<Mistake> mistakes,
        WorkerTeam team)
    {
        (int height, int width) = (weights.Network.Input.Height, weights.Network.Input.Width);
        var grid = new OcclusionGrid(height, width, (Math.Max(height, width) + Steps - 1) / Steps);
        int classes = weights.Network.Classes;
        float[] probabilities = new float[grid.Places * classes];
        float[] logits = new float[probabilities.Length];
        int[] places = [.. Enumerable.Range(0, grid.Places)];
        using var predictor = new Predictor(weights, team);
        return [.. mistakes.Select(mistake =>
        {
            predictor.Predict(new CoveredImages(images, normalization, mistake.Index, grid), places, probabilities, logits);
            return new SaliencyMap(grid.Rows, grid.Columns, Losses(mistake, logits, classes, temperature));
        })];
    }

    private static byte[] Losses(Mistake mistake, float[] logits, int classes, double temperature)
    {
        double[] losses = new double[logits.Length / classes];
        float[] covered = new float[classes];
        for (int place = 0; place < losses.Length; place++)
        {
            TemperatureScaling.Apply(logits.AsSpan(place * classes, classes), temperature, covered);
            losses[place] = Math.Max(0, (double)mistake.Probability - covered[mistake.Answer]);
        }

        double most = losses.Max();
        return [.. losses.Select(loss => (byte)(most == 0 ? 0 : Math.Round(255 * loss / most)))];
    }

    /// <summary>One image again and again; the number of a sample is the place that is covered.</summary>
    private sealed class CoveredImages(ImageSet images, Normalization normalization, int index, OcclusionGrid grid) : IImageSource
    {
        private readonly PreprocessedImages _images = new(images, normalization);

        public int Load(int epoch, int sample, ImageView destination)
        {
            int label = _images.Load(epoch, index, destination);
            (Range rows, Range columns) = grid.Square(sample);
            for (int channel = 0; channel < destination.Shape.Channels; channel++)
            {
                for (int row = rows.Start.Value; row < rows.End.Value; row++)
                {
                    for (int column = columns.Start.Value; column < columns.End.Value; column++)
                    {
                        destination[channel, row, column] = 0;
                    }
                }
            }

            return label;
        }
    }

    /// <summary>Where the squares lie: centred on the cells of a grid, and reaching into their neighbours.</summary>
    private sealed record OcclusionGrid(int Height, int Width, int Cell)
    {
        internal int Rows => (Height + Cell - 1) / Cell;

        internal int Columns => (Width + Cell - 1) / Cell;

        internal int Places => Rows * Columns;

        internal (Range Rows, Range Columns) Square(int place) =>
            (Side(place / Columns, Height), Side(place % Columns, Width));

        private Range Side(int cell, int length)
        {
            int reach = Cell / 2;
            return Math.Max(0, cell * Cell - reach)..Math.Min(length, (cell + 1) * Cell + reach);
        }
    }
}

/// <summary>How much an answer hangs on each part of an image.</summary>
/// <param name="Rows">Of the map.</param>
/// <param name="Columns">Of the map.</param>
/// <param name="Weights">[Rows, Columns], 255 where it hangs on most; all 0 if it hangs on no single part.</param>
internal sealed record SaliencyMap(int Rows, int Columns, byte[] Weights);
