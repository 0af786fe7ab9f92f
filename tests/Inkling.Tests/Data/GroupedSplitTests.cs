using CsCheck;
using Inkling.Data;
using Inkling.Tests.Support;

namespace Inkling.Tests.Data;

public sealed class GroupedSplitTests
{
    [Fact]
    public void Stratified_WithGroups_NeverParsesAGroupAndKeepsTheQuotasOfClasses() =>
        Gen.Select(Gen.Int[0, 3].Array[20, 200], Gen.ULong, Gen.Int[2, 60]).ForAll("0000KnbMjaz3", 200, drawn =>
        {
            (int[] labels, ulong seed, int groupCount) = drawn;
            int[] groups = [.. labels.Select((_, i) => i % 3 == 0 ? 1000 + i % groupCount : i)];
            int wanted = labels.Length / 5;
            DataSplit alone = DataSplit.Stratified(labels, 4, wanted, seed);
            DataSplit split = DataSplit.Stratified(labels, 4, wanted, seed, groups);

            Assert.Empty(split.Train.ToArray().Select(i => groups[i]).Intersect(split.Validation.ToArray().Select(i => groups[i])));
            Assert.Equal(labels.Length, split.Train.Length + split.Validation.Length);
            for (int c = 0; c < 4; c++)
            {
                Assert.True(Count(split, labels, c) <= Count(alone, labels, c));
            }
        });

    [Fact]
    public void Stratified_EveryImageAlone_IsTheSplitWithoutGroups()
    {
        int[] labels = [.. Enumerable.Range(0, 500).Select(i => i * 7 % 5)];

        Assert.Equal(
            DataSplit.Stratified(labels, 5, 50, seed: 3).Hash,
            DataSplit.Stratified(labels, 5, 50, seed: 3, [.. Enumerable.Range(0, 500)]).Hash);
    }

    [Fact]
    public void Stratified_PairsOfCopies_StillFillTheQuota()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i / 100)];
        DataSplit split = DataSplit.Stratified(labels, 2, 40, seed: 9, [.. Enumerable.Range(0, 200).Select(i => i / 2)]);

        Assert.Equal(40, split.Validation.Length);
    }

    private static int Count(DataSplit split, int[] labels, int c) => split.Validation.ToArray().Count(i => labels[i] == c);
}
