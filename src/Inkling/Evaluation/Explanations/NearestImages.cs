using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Inkling.Data;
using Inkling.Engine;

namespace Inkling.Evaluation.Explanations;

/// <summary>
/// The training images that look most like others: the least sum of squared differences, pixel by pixel as the dataset has them.
/// </summary>
/// <remarks>
/// Whole numbers throughout, so every order of the sum gives the same. MNIST's digits are centred on their mass already. Of equal distances
/// the lower
/// index comes first.
/// </remarks>
internal static class NearestImages
{
    /// <summary>A lane's sum of squares of so many bytes stays below 2³².</summary>
    private const int Stride = 1 << 16;

    /// <summary>For each image of interest the nearest training images.</summary>
    /// <param name="images">Where the images of interest are.</param>
    /// <param name="queries">Which those are.</param>
    /// <param name="train">Where to look.</param>
    /// <param name="candidates">Which of them count.</param>
    /// <param name="count">How many to find for each; fewer if there are fewer.</param>
    /// <param name="team">Threads.</param>
    internal static int[][] Find(ImageSet images, int[] queries, ImageSet train, int[] candidates, int count, WorkerTeam team)
    {
        int[][] found = new int[queries.Length][];
        team.Run(queries.Length, (_, i) => found[i] = Find(images.Image(queries[i]), train, candidates, count));
        return found;
    }

    private static int[] Find(ReadOnlySpan<byte> image, ImageSet train, int[] candidates, int count)
    {
        var nearest = new List<(long Distance, int Index)>(count + 1);
        foreach (int candidate in candidates)
        {
            long distance = Distance(image, train.Image(candidate));
            if (nearest.Count < count || distance < nearest[^1].Distance)
            {
                nearest.Insert(nearest.FindLastIndex(other => other.Distance <= distance) + 1, (distance, candidate));
                nearest.RemoveRange(Math.Min(count, nearest.Count), nearest.Count - Math.Min(count, nearest.Count));
            }
        }

        return [.. nearest.Select(neighbour => neighbour.Index)];
    }

    internal static long Distance(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sum = 0;
        for (int start = 0; start < a.Length; start += Stride)
        {
            int length = Math.Min(Stride, a.Length - start);
            sum += DistanceOfStride(a.Slice(start, length), b.Slice(start, length));
        }

        return sum;
    }

    private static long DistanceOfStride(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        ReadOnlySpan<Vector128<byte>> blocksA = MemoryMarshal.Cast<byte, Vector128<byte>>(a);
        ReadOnlySpan<Vector128<byte>> blocksB = MemoryMarshal.Cast<byte, Vector128<byte>>(b);
        Vector128<uint> sums = default;
        for (int i = 0; i < blocksA.Length; i++)
        {
            Vector128<byte> difference = Vector128.Max(blocksA[i], blocksB[i]) - Vector128.Min(blocksA[i], blocksB[i]);
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(difference);
            (Vector128<uint> first, Vector128<uint> second) = Vector128.Widen(low * low);
            (Vector128<uint> third, Vector128<uint> fourth) = Vector128.Widen(high * high);
            sums += first + second + third + fourth;
        }

        long sum = (long)sums[0] + sums[1] + sums[2] + sums[3];
        for (int i = blocksA.Length * Vector128<byte>.Count; i < a.Length; i++)
        {
            int difference = a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }
}
