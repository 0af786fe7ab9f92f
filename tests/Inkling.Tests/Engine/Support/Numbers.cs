using Inkling.Engine;

namespace Inkling.Tests.Engine.Support;

/// <summary>Seeded inputs, and comparisons that name the first difference.</summary>
internal static class Numbers
{
    internal static IEnumerable<Simd> SimdLevels => Enum.GetValues<Simd>().Where(SimdSupport.IsSupported);

    internal static float[] Uniform(ulong seed, int count, double low, double high)
    {
        var random = new RandomStream(seed, RandomPurpose.Augmentation);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Uniform((uint)i, low, high))];
    }

    /// <summary>Small integers, so that equal values meet.</summary>
    internal static float[] Integers(ulong seed, int count, int bound)
    {
        var random = new RandomStream(seed, RandomPurpose.Augmentation);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Integer((uint)i, bound) - bound / 2)];
    }

    internal static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = BitConverter.SingleToUInt32Bits(expected[i]) == BitConverter.SingleToUInt32Bits(actual[i])
                || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            Assert.True(same, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }

    /// <summary>|actual − expected| ≤ relative · (largest |expected|) for every element of a tensor.</summary>
    internal static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double relative, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        double scale = expected.Select(Math.Abs).Append(1e-3).Max();
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(
                Math.Abs(actual[i] - expected[i]) <= relative * scale,
                $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}, scale {scale:R}");
        }
    }
}
