using CsCheck;
using Inkling.Data;
using Inkling.Tests.Support;

namespace Inkling.Tests.Data;

/// <summary>Lists of exclusions that people and disks have damaged.</summary>
public sealed class ExclusionListTests
{
    private static readonly byte[] Sound = """
        {
          "dataset": "photos",
          "fingerprint": null,
          "images": [
            { "image": "ocean/bad.png", "reason": "unreadable" },
            { "image": "ocean/copy.png", "reason": "exact_duplicates" }
          ],
          "schema": 1
        }
        """u8.ToArray();

    [Fact]
    public void Parse_AnyDamage_ReadsOrThrowsDataFormatException()
    {
        Assert.Equal(2, ExclusionList.Parse(Sound, "list").Images.Count);
        int faults = 0;
        Gen.Select(Gen.Int[0, Sound.Length - 1], Gen.Byte, Gen.Int[0, 2]).ForAll("0000KnbMjaz3", 2000, damage =>
        {
            (int place, byte value, int kind) = damage;
            byte[] bytes = kind switch
            {
                0 => Sound[..place],
                1 => [.. Sound[..place], value, .. Sound[(place + 1)..]],
                _ => [.. Sound[..place], value, .. Sound[place..]],
            };
            try
            {
                ExclusionList.Parse(bytes, "list");
            }
            catch (DataFormatException e)
            {
                faults++;
                Assert.Equal("list", e.Path);
                Assert.DoesNotContain(e.Message, c => c is '\n' or '\r');
            }
        });
        Assert.True(faults > 1000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"dataset":"a","fingerprint":null,"images":[{"image":1.5,"reason":"blank"}],"schema":1}""")]
    [InlineData("""{"dataset":"a","fingerprint":null,"images":[{"image":-1,"reason":"blank"}],"schema":1}""")]
    [InlineData("""{"dataset":"a","fingerprint":null,"images":[{"image":99999999999,"reason":"blank"}],"schema":1}""")]
    [InlineData("""{"dataset":"a","fingerprint":null,"images":[],"schema":2}""")]
    public void Parse_LyingList_IsRefused(string text) =>
        Assert.Throws<DataFormatException>(() => ExclusionList.Parse(System.Text.Encoding.UTF8.GetBytes(text), "list"));

    [Fact]
    public void Parse_DeepNesting_IsRefused() => Assert.Throws<DataFormatException>(
        () => ExclusionList.Parse(System.Text.Encoding.UTF8.GetBytes(new string('[', 100_000)), "list"));
}
