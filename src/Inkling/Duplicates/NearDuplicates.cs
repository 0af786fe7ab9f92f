using System.Collections.Concurrent;

namespace Inkling.Duplicates;

/// <summary>Two images that show the same but aren't equal: scaled, recompressed, brightened, with noise.</summary>
/// <param name="First">The lower index.</param>
/// <param name="Second">The higher index.</param>
/// <param name="Correlation">Of their pixels, at least <see cref="NearDuplicates.Threshold"/>.</param>
internal readonly record struct NearPair(int First, int Second, double Correlation);

/// <summary>Pairs of images whose pixels correlate as only copies' do.</summary>
/// <remarks>
/// Candidates come from locality-sensitive hashing (Charikar 2002): <see cref="ProjectionHash.Bands"/> times the images are
/// sorted by some bits of their hash, and each is compared with the next <see cref="Window"/> that have the same bits.
/// So N images cost at most Bands · Window · N comparisons, not N². A pair at the threshold differs in about one bit of
/// 25, and is missed once in ten thousand (docs/quality.md); closer pairs less often.
/// </remarks>
internal static class NearDuplicates
{
    /// <summary>
    /// Correlation from which on two pictures count as one. The closest two of MNIST's 70,000 digits, different people's
    /// strokes, have 0.992; a copy that was scaled or recompressed has 0.997 and more.
    /// </summary>
    public const double Threshold = 0.995;

    private const int Window = 32;

    /// <summary>Finds them.</summary>
    /// <param name="images">Small images.</param>
    /// <param name="firstEqual">For every image the first that equals it: copies of it are not looked at again.</param>
    /// <returns>In order of the first index, then of the second.</returns>
    public static IReadOnlyList<NearPair> Find(Thumbnails images, int[] firstEqual)
    {
        StandardImages standard = new(images);
        int[] candidates = [.. Enumerable.Range(0, images.Count).Where(i => firstEqual[i] == i && !standard.IsFlat(i))];
        ProjectionHash hash = ProjectionHash.Of(images, standard, candidates);
        var pairs = new ConcurrentDictionary<(int, int), double>();
        for (int band = 0; band < ProjectionHash.Bands; band++)
        {
            uint[] keys = hash.Keys(band);
            int[] order = (int[])candidates.Clone();
            Array.Sort(keys, order);
            Parallel.For(0, order.Length, i =>
            {
                for (int k = i + 1; k < order.Length && k <= i + Window && keys[k] == keys[i]; k++)
                {
                    double correlation = standard.Correlation(order[i], order[k]);
                    if (correlation >= Threshold)
                    {
                        pairs.TryAdd((Math.Min(order[i], order[k]), Math.Max(order[i], order[k])), correlation);
                    }
                }
            });
        }

        return [.. pairs.Select(pair => new NearPair(pair.Key.Item1, pair.Key.Item2, pair.Value))
            .OrderBy(pair => pair.First).ThenBy(pair => pair.Second)];
    }
}
