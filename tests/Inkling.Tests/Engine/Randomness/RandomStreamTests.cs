using Inkling.Engine;

namespace Inkling.Tests.Engine.Randomness;

public sealed class RandomStreamTests
{
    private static readonly RandomStream Stream = new(Seed: 0x0123456789ABCDEF, RandomPurpose.Augmentation, Epoch: 3, Sample: 41);

    /// <summary>
    /// Draws 0 to 7 of <see cref="Stream"/>, by Fixtures/Engine/make_philox_golden.py: counter = (block, sample, epoch, purpose),
    /// key = (low, high word of the seed). Other words are another numeric contract.
    /// </summary>
    private static readonly uint[] Golden =
    [
        0x8D4249B0, 0x6B8BFD57, 0x547D3508, 0x971A1601,
        0xA1FB4ADA, 0x4752CBF6, 0x2DDF1EEF, 0x975CC9C2,
    ];

    [Fact]
    public void Bits_AskedInAnyOrder_DependOnTheIndexAlone()
    {
        uint[] forwards = [.. Enumerable.Range(0, 64).Select(i => Stream.Bits((uint)i))];
        uint[] backwards = [.. Enumerable.Range(0, 64).Reverse().Select(i => Stream.Bits((uint)i)).Reverse()];

        Assert.Equal(forwards, backwards);
        Assert.Equal(64, forwards.Distinct().Count());
    }

    [Fact]
    public void Bits_AnyPartOfTheKeyDiffers_GiveOtherNumbers()
    {
        RandomStream[] others =
        [
            Stream with { Seed = Stream.Seed ^ 1 },
            Stream with { Seed = Stream.Seed ^ (1UL << 63) },
            Stream with { Purpose = RandomPurpose.Dropout },
            Stream with { Epoch = 4 },
            Stream with { Sample = 42 },
        ];

        Assert.All(others, other => Assert.NotEqual(Stream.Block(0), other.Block(0)));
    }

    [Fact]
    public void Block_HoldsTheFourDrawsOfItsNumber()
    {
        PhiloxBlock block = Stream.Block(5);

        Assert.Equal(
            [block.X0, block.X1, block.X2, block.X3],
            [Stream.Bits(20), Stream.Bits(21), Stream.Bits(22), Stream.Bits(23)]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(60)]
    [InlineData(256)]
    public void Bits_InBulk_AreTheDrawsOneByOne(int count)
    {
        uint[] words = new uint[count];

        Stream.Bits(block: 5, words);

        Assert.Equal(Enumerable.Range(20, count).Select(i => Stream.Bits((uint)i)), words);
    }

    [Fact]
    public void Bits_GoldenStream_KeepTheirPlaceInTheCounter()
    {
        uint[] words = [.. Enumerable.Range(0, 8).Select(i => Stream.Bits((uint)i))];

        Assert.Equal(Golden, words);
    }

    [Fact]
    public void Uniform_ManyDraws_LieInTheUnitIntervalEvenly()
    {
        const int Draws = 100_000;
        const int Bins = 10;
        int[] counts = new int[Bins];
        for (uint i = 0; i < Draws; i++)
        {
            float value = Stream.Uniform(i);
            Assert.InRange(value, 0f, 1f - 1f / (1 << 24));
            counts[(int)(value * Bins)]++;
        }

        // Six standard deviations of a binomial count.
        double margin = 6 * Math.Sqrt(Draws * 0.1 * 0.9);
        Assert.All(counts, count => Assert.InRange(count, Draws / Bins - margin, Draws / Bins + margin));
    }

    [Fact]
    public void Uniform_WithBounds_StaysWithin()
    {
        Assert.All(Enumerable.Range(0, 10_000), i => Assert.InRange(Stream.Uniform((uint)i, -2.5, 0.75), -2.5, 0.75));
    }

    [Fact]
    public void Integer_SmallBound_ReachesEveryValueAndNoOther()
    {
        int[] values = [.. Enumerable.Range(0, 1000).Select(i => Stream.Integer((uint)i, 7)).Distinct().Order()];

        Assert.Equal([0, 1, 2, 3, 4, 5, 6], values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10_007)]
    public void Permutation_AnyCount_HoldsEveryIndexOnce(int count)
    {
        int[] order = Stream.Permutation(count);

        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.Equal(order, Stream.Permutation(count));
    }

    [Fact]
    public void Permutation_ManySeeds_PutsEveryValueEverywhereEquallyOften()
    {
        const int Count = 5;
        const int Trials = 20_000;
        int[,] seen = new int[Count, Count];
        for (uint trial = 0; trial < Trials; trial++)
        {
            int[] order = (Stream with { Epoch = trial }).Permutation(Count);
            for (int place = 0; place < Count; place++)
            {
                seen[place, order[place]]++;
            }
        }

        double margin = 6 * Math.Sqrt(Trials * 0.2 * 0.8);
        Assert.All(seen.Cast<int>(), count => Assert.InRange(count, Trials / Count - margin, Trials / Count + margin));
    }
}
