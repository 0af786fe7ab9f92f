using CsCheck;
using Inkling.Data;
using Inkling.Tests.Support;

namespace Inkling.Tests.Data;

public class DataSplitTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    // Three classes of 50, 30 and 20 images.
    private static readonly int[] Labels =
        [.. Enumerable.Repeat(0, 50), .. Enumerable.Repeat(1, 30), .. Enumerable.Repeat(2, 20)];

    // Two images or more of each of five classes, and at most half of them to validate with.
    private static readonly Gen<(int[] Labels, int ValidationCount, ulong Seed)> Cases =
        from labels in Gen.Int[0, 4].Array[0, 200]
        from percent in Gen.Int[0, 50]
        from seed in Gen.ULong
        select ((int[])[0, 1, 2, 3, 4, .. labels, 4, 3, 2, 1, 0], (labels.Length + 10) * percent / 100, seed);

    [Fact]
    public void Stratified_AnyLabels_IsDisjointCompleteAscendingAndExact() => Cases.ForAll(
        Seed, count: 500, c =>
        {
            DataSplit split = DataSplit.Stratified(c.Labels, 5, c.ValidationCount, c.Seed);

            int[] train = split.Train.ToArray();
            int[] validation = split.Validation.ToArray();
            Assert.Equal(c.ValidationCount, validation.Length);
            Assert.Equal(train.Order(), train);
            Assert.Equal(validation.Order(), validation);
            Assert.Equal(Enumerable.Range(0, c.Labels.Length), train.Concat(validation).Order());
        });

    [Fact]
    public void Stratified_AnyLabels_GivesEveryClassItsShareWithinOne() => Cases.ForAll(
        Seed, count: 500, c =>
        {
            DataSplit split = DataSplit.Stratified(c.Labels, 5, c.ValidationCount, c.Seed);

            ILookup<int, int> validation = split.Validation.ToArray().ToLookup(i => c.Labels[i]);
            foreach (IGrouping<int, int> images in c.Labels.ToLookup(label => label))
            {
                double share = (double)c.ValidationCount * images.Count() / c.Labels.Length;
                Assert.InRange(validation[images.Key].Count(), Math.Floor(share), Math.Ceiling(share));
            }
        });

    [Fact]
    public void Stratified_UnevenShares_GivesTheRestToTheLargestRemainders()
    {
        // Shares 5.5, 3.3 and 2.2: the one image left goes to class 0.
        DataSplit split = DataSplit.Stratified(Labels, 3, validationCount: 11, seed: 1);

        Assert.Equal([6, 3, 2], CountPerClass(split.Validation));
    }

    [Fact]
    public void Stratified_EqualRemainders_GivesTheRestToTheLowerClass()
    {
        DataSplit split = DataSplit.Stratified([1, 1, 0, 0], 2, validationCount: 1, seed: 1);

        Assert.Equal([1, 0], CountPerClass(split.Validation, [1, 1, 0, 0], 2));
    }

    [Fact]
    public void Stratified_NoValidation_TrainsOnEverything()
    {
        DataSplit split = DataSplit.Stratified(Labels, 3, validationCount: 0, seed: 1);

        Assert.Equal((100, 0), (split.Train.Length, split.Validation.Length));
    }

    [Fact]
    public void Stratified_SameSeed_GivesTheGoldenHash() =>
        Assert.Equal(
            "7eeedde1b03a9c2f4c49aede02eaf355df39d2239e552f6d7d49078cc1a80048",
            DataSplit.Stratified(Labels, 3, validationCount: 10, seed: 42).Hash);

    [Fact]
    public void Stratified_OtherSeed_GivesOtherImages() =>
        Assert.NotEqual(
            DataSplit.Stratified(Labels, 3, validationCount: 10, seed: 42).Hash,
            DataSplit.Stratified(Labels, 3, validationCount: 10, seed: 43).Hash);

    [Fact]
    public void Stratified_ClassOfOneImage_KeepsItForTraining()
    {
        // Shares 0.5, 1.5 and 1: class 0 comes first among the largest remainders, but has no image to spare.
        int[] labels = [0, 1, 1, 1, 2, 2];

        DataSplit split = DataSplit.Stratified(labels, 3, validationCount: 3, seed: 1);

        Assert.Equal([0, 2, 1], CountPerClass(split.Validation, labels, 3));
    }

    [Fact]
    public void Stratified_AsManyAsPossible_LeavesOneTrainingImagePerClass()
    {
        DataSplit split = DataSplit.Stratified(Labels, 3, validationCount: 97, seed: 1);

        Assert.Equal([1, 1, 1], CountPerClass(split.Train));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(98)]
    [InlineData(100)]
    public void Stratified_ImpossibleCount_Throws(int validationCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSplit.Stratified(Labels, 3, validationCount, seed: 1));

    [Fact]
    public void Stratified_NoImages_Throws() =>
        Assert.Throws<ArgumentException>(() => DataSplit.Stratified([], 3, validationCount: 0, seed: 1));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Stratified_LabelOutside_Throws(int label) =>
        Assert.Throws<ArgumentException>(() => DataSplit.Stratified([0, 1, label], 3, validationCount: 1, seed: 1));

    private static int[] CountPerClass(ReadOnlySpan<int> indices) => CountPerClass(indices, Labels, 3);

    private static int[] CountPerClass(ReadOnlySpan<int> indices, int[] labels, int classCount)
    {
        int[] counts = new int[classCount];
        foreach (int index in indices)
        {
            counts[labels[index]]++;
        }

        return counts;
    }
}
