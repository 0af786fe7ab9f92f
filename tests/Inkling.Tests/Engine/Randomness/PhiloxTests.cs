using Inkling.Engine;

namespace Inkling.Tests.Engine.Randomness;

public sealed class PhiloxTests
{
    /// <summary>The three vectors of <c>philox4x32 10</c> in Random123's <c>kat_vectors</c>: zeros, ones, digits of π.</summary>
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers { get; } = new()
    {
        {
            [0, 0, 0, 0],
            [0, 0],
            [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
        },
        {
            [0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF],
            [0xFFFFFFFF, 0xFFFFFFFF],
            [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
        },
        {
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Generate_PublishedVector_GivesPublishedWords(uint[] counter, uint[] key, uint[] expected)
    {
        PhiloxBlock words = Philox.Generate(new PhiloxBlock(counter[0], counter[1], counter[2], counter[3]), key[0], key[1]);

        Assert.Equal(new PhiloxBlock(expected[0], expected[1], expected[2], expected[3]), words);
    }
}
