using System.Security.Cryptography;
using Inkling.Engine;

namespace Inkling.Data;

/// <summary>Which images train and which validate: two disjoint lists of indices that cover the training images.</summary>
public sealed class DataSplit
{
    private readonly int[] _train;
    private readonly int[] _validation;

    private DataSplit(int[] train, int[] validation)
    {
        _train = train;
        _validation = validation;
    }

    /// <summary>Indices of the images that train, ascending.</summary>
    public ReadOnlySpan<int> Train => _train;

    /// <summary>Indices of the images that validate, ascending; may be empty.</summary>
    public ReadOnlySpan<int> Validation => _validation;

    /// <summary>Identity of the split for the lock; lower-case hexadecimal.</summary>
    /// <remarks>
    /// SHA-256 of, as little-endian 32-bit integers: the number of training indices, those indices, the number of
    /// validation indices, those indices.
    /// </remarks>
    public string Hash => field ??= ComputeHash();

    /// <summary>Draws a validation part in which every class has its share, from the seed alone.</summary>
    /// <param name="labels">[N], one label per image.</param>
    /// <param name="classCount">Number of classes; every label is below it.</param>
    /// <param name="validationCount">Images to validate with; exactly so many are drawn. Every class that has images
    /// keeps one to train with, so the most is N less the number of such classes.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="groups">[N] a number for each image, equal for those that have to stay on one side; empty for none.</param>
    /// <remarks>
    /// Quotas: class c of n images gets ⌊validationCount · n / N⌋; what is left goes one each to the largest remainders,
    /// on equal remainders to the lower class, and never to a class that it would leave without a training image.
    /// Within a class, the first images of the permutation drawn by <c>RandomStream(seed, Split, Sample: c)</c> validate.
    /// Images of a group go together: at its first image the whole group validates, if it fits into what is left of the
    /// quotas of all its classes, and trains if it doesn't. So groups may leave a quota short; without them none is.
    /// </remarks>
    /// <exception cref="ArgumentException">There are no images, or a label is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="validationCount"/> is negative or too high.</exception>
    public static DataSplit Stratified(
        ReadOnlySpan<int> labels, int classCount, int validationCount, ulong seed, ReadOnlySpan<int> groups = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(validationCount);
        if (labels.IsEmpty)
        {
            throw new ArgumentException("Splitting: at least one image expected, got none.", nameof(labels));
        }

        List<int>[] members = GroupByClass(labels, classCount);
        int most = labels.Length - members.Count(images => images.Count > 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(validationCount, most);
        int[] quotas = Quotas(members, labels.Length, validationCount);

        bool[] validates = Draw(members, quotas, labels, seed, new GroupMembers(groups));
        return FromFlags(validates);
    }

    /// <summary>The split that a source brings.</summary>
    /// <param name="count">N, the number of images.</param>
    /// <param name="validation">Indices of those that validate, each once.</param>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public static DataSplit Given(int count, IReadOnlyList<int> validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        bool[] validates = new bool[count];
        foreach (int index in validation)
        {
            if ((uint)index >= (uint)count)
            {
                throw new ArgumentException($"Splitting: index {index}, expected 0 to {count - 1}.", nameof(validation));
            }

            validates[index] = true;
        }

        return FromFlags(validates);
    }

    private static DataSplit FromFlags(bool[] validates)
    {
        int[] all = [.. Enumerable.Range(0, validates.Length)];
        return new DataSplit(Array.FindAll(all, i => !validates[i]), Array.FindAll(all, i => validates[i]));
    }

    private static bool[] Draw(List<int>[] members, int[] quotas, ReadOnlySpan<int> labels, ulong seed, GroupMembers groups)
    {
        bool[] validates = new bool[labels.Length];
        bool[] isSettled = new bool[labels.Length];
        int[] left = [.. quotas];
        for (int c = 0; c < members.Length; c++)
        {
            int[] order = new RandomStream(seed, RandomPurpose.Split, Sample: (uint)c).Permutation(members[c].Count);
            for (int place = 0; place < order.Length && left[c] > 0; place++)
            {
                int image = members[c][order[place]];
                if (!isSettled[image])
                {
                    Settle(groups.Of(image), labels, left, isSettled, validates);
                }
            }
        }

        return validates;
    }

    private static void Settle(ReadOnlySpan<int> group, ReadOnlySpan<int> labels, int[] left, bool[] isSettled, bool[] validates)
    {
        foreach (int image in group)
        {
            left[labels[image]]--;
            isSettled[image] = true;
        }

        bool fits = true;
        foreach (int image in group)
        {
            fits &= left[labels[image]] >= 0;
        }

        foreach (int image in group)
        {
            validates[image] = fits;
            left[labels[image]] += fits ? 0 : 1;
        }
    }

    private static List<int>[] GroupByClass(ReadOnlySpan<int> labels, int classCount)
    {
        var members = new List<int>[classCount];
        for (int c = 0; c < classCount; c++)
        {
            members[c] = [];
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classCount)
            {
                throw new ArgumentException(
                    $"Splitting: image {i} has label {labels[i]}, expected 0 to {classCount - 1}.", nameof(labels));
            }

            members[labels[i]].Add(i);
        }

        return members;
    }

    /// <summary>Largest remainder (Hare and Niemeyer), in integers throughout.</summary>
    private static int[] Quotas(List<int>[] members, int total, int validationCount)
    {
        int[] quotas = new int[members.Length];
        long[] remainders = new long[members.Length];
        for (int c = 0; c < members.Length; c++)
        {
            (long share, remainders[c]) = Math.DivRem((long)validationCount * members[c].Count, total);
            quotas[c] = (int)share;
        }

        // One round is enough unless many classes have a single image.
        int[] ranking = [.. Enumerable.Range(0, members.Length).OrderByDescending(c => remainders[c])];
        int left = validationCount - quotas.Sum();
        while (left > 0)
        {
            int[] winners = [.. ranking.Where(c => quotas[c] + 1 < members[c].Count).Take(left)];
            left -= winners.Length;
            foreach (int c in winners)
            {
                quotas[c]++;
            }
        }

        return quotas;
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendInt32(_train.Length);
        hash.AppendInt32(_train);
        hash.AppendInt32(_validation.Length);
        hash.AppendInt32(_validation);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
