using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Onnx;

namespace Inkling.Cli.Onnx;

/// <summary>Asks ONNX Runtime and the engine the same, over a whole set of images.</summary>
internal sealed class ParityProof(TrainedPackage package, ImageSet images, WorkerTeam team, CancellationToken cancellation)
{
    private const int Batch = 250;

    internal OnnxParity Of(OnnxFiles files)
    {
        using var plain = new OnnxRuntimeModel(files.Plain, team.Size);
        using var withPreprocessing = new OnnxRuntimeModel(files.WithPreprocessing, team.Size);
        using var predictor = new Predictor(package.Weights, team);
        var logits = new Differences(package.Classes.Count);
        var probabilities = new Differences(package.Classes.Count);
        var inputs = new NetworkInputs(images, package.Normalization, package.Weights.Network.Input);
        for (int first = 0; first < images.Count; first += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] batch = [.. Enumerable.Range(first, Math.Min(Batch, images.Count - first))];
            float[] expectedProbabilities = new float[batch.Length * package.Classes.Count];
            float[] expectedLogits = new float[expectedProbabilities.Length];
            predictor.Predict(inputs.Source, batch, expectedProbabilities, expectedLogits);
            for (int i = 0; i < expectedLogits.Length; i += package.Classes.Count)
            {
                TemperatureScaling.Apply(
                    expectedLogits.AsSpan(i, package.Classes.Count), package.Calibration.Temperature, expectedProbabilities.AsSpan(
                        i, package.Classes.Count));
            }

            logits.Add(expectedLogits, plain.Run("pixel_values", inputs.InColour(batch), inputs.ColourShape(batch.Length), "logits"));
            probabilities.Add(
                expectedProbabilities, withPreprocessing.Run("images", inputs.Raw(batch), inputs.RawShape(batch.Length), "probabilities"));
        }

        return new OnnxParity(OnnxRuntimeModel.Name, images.Count, logits.Of(files.Plain), probabilities.Of(files.WithPreprocessing));
    }

    private sealed class Differences(int classes)
    {
        private float _largest;
        private int _changed;

        internal void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                // A value that isn't a number differs by more than any other.
                float difference = Math.Abs(expected[i] - actual[i]);
                _largest = difference <= _largest ? _largest : float.IsNaN(difference) ? float.PositiveInfinity : difference;
            }

            for (int i = 0; i < expected.Length; i += classes)
            {
                _changed += Largest(expected.Slice(i, classes)) == Largest(actual.Slice(i, classes)) ? 0 : 1;
            }
        }

        internal OnnxFileParity Of(byte[] file) =>
            new(Convert.ToHexStringLower(SHA256.HashData(file)), Math.Min(_largest, float.MaxValue), _changed);

        private static int Largest(ReadOnlySpan<float> row)
        {
            int best = 0;
            for (int k = 1; k < row.Length; k++)
            {
                best = row[k] > row[best] ? k : best;
            }

            return best;
        }
    }
}
