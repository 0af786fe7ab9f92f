using Inkling.Data.Parquet;

namespace Inkling.Tests.Data.Parquet;

/// <summary>Names as they occur on the Hub.</summary>
public sealed class ParquetLayoutTests
{
    [Theory]
    [InlineData("data/train-00000-of-00002.parquet", "train")]
    [InlineData("mnist/test-00000-of-00001.parquet", "test")]
    [InlineData("default/train/0000.parquet", "train")]
    [InlineData("default/partial-test/0000.parquet", "test")]
    [InlineData("digits_valid.parquet", "validation")]
    [InlineData("train/dev.parquet", "validation")]
    [InlineData("Testing.PARQUET", "test")]
    [InlineData("contest.parquet", "train")]
    [InlineData("0.parquet", "train")]
    public void SplitOf_IsTheLastWordThatNamesOne(string name, string split) => Assert.Equal(split, ParquetLayout.SplitOf(name));

    [Fact]
    public void FoldersOf_LeavesOutFoldersThatNameASplit()
    {
        Assert.Equal(["."], ParquetLayout.FoldersOf(["train/0.parquet", "test/0.parquet", "validation.parquet"]));
        Assert.Equal(["a", "b"], ParquetLayout.FoldersOf(["b/train-0.parquet", "a/train/0.parquet", "a/test/0.parquet"]));
    }
}
