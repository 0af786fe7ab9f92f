using Inkling.Preprocessing;

namespace Inkling.Data;

/// <summary>The statistics that images are normalised by, measured on them.</summary>
public static class NormalizationMeasurement
{
    private const double MaxPixel = 255;

    extension(Normalization)
    {
        /// <summary>Measures the images at <paramref name="indices"/> and no others: give it those that train.</summary>
        /// <remarks>
        /// With S = Σx and Q = Σx² over the n pixels of a channel, both exact: mean = S / (255·n) and
        /// standard deviation = √(n·Q − S²) / (255·n), whose radicand is exact too. The order of the images has no effect.
        /// </remarks>
        /// <exception cref="ArgumentException">There are no images, or all pixels of a channel are equal.</exception>
        public static Normalization Measure(ImageSet images, ReadOnlySpan<int> indices)
        {
            ArgumentNullException.ThrowIfNull(images);
            if (indices.IsEmpty)
            {
                throw new ArgumentException("Normalisation: at least one image expected, got none.", nameof(indices));
            }

            double[] mean = new double[images.Channels];
            double[] deviation = new double[images.Channels];
            for (int channel = 0; channel < images.Channels; channel++)
            {
                (long sum, long sumOfSquares, long count) = Sum(images, indices, channel);
                Int128 radicand = (Int128)count * sumOfSquares - (Int128)sum * sum;
                if (radicand == 0)
                {
                    throw new ArgumentException(
                        $"Normalisation: channel {channel} has one value everywhere, expected at least two. Remove the channel.",
                        nameof(images));
                }

                mean[channel] = sum / (MaxPixel * count);
                deviation[channel] = Math.Sqrt((double)radicand) / (MaxPixel * count);
            }

            return new Normalization([.. mean], [.. deviation]);
        }
    }

    private static (long Sum, long SumOfSquares, long Count) Sum(ImageSet images, ReadOnlySpan<int> indices, int channel)
    {
        int planeLength = images.Height * images.Width;
        long sum = 0;
        long sumOfSquares = 0;
        foreach (int index in indices)
        {
            foreach (byte pixel in images.Image(index).Slice(channel * planeLength, planeLength))
            {
                sum += pixel;
                sumOfSquares += pixel * pixel;
            }
        }

        return (sum, sumOfSquares, (long)indices.Length * planeLength);
    }
}
