using System.Text.RegularExpressions;
using Inkling.Engine;
using Inkling.Tests.Clients;
using Inkling.Tests.Support;

namespace Inkling.Tests.Documentation;

/// <summary>
/// Every C# example of the documents runs as a program of its own, beside a folder of pictures; for a model of the Hub it takes the one
/// that ships.
/// </summary>
public sealed partial class ExamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExamplesTests()
    {
        File.Copy(Fixture.Path("Cli", "colour.json"), _folder["colour.json"]);
        File.Copy(Repository.Path("docs/images/seven.png"), _folder["seven.png"]);
        for (int i = 0; i < 80; i++)
        {
            // Noise, brighter in the one half or the other.
            int number = i;
            var random = new RandomStream(9, RandomPurpose.Augmentation, Sample: (uint)i);
            TestPictures.Put(_folder[$"photos/{(i % 2 == 0 ? "left" : "right")}/{i}.png"], TestPictures.Colour(16, 12, (x, y) =>
            {
                byte level = (byte)((((x < 8) == (number % 2 == 0)) ? 180 : 20) + random.Integer((uint)(y * 16 + x), 61));
                return new SkiaSharp.SKColor(level, (byte)(level / 2), (byte)(255 - level));
            }));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("docs/data.md", 0, "72 images of 2 classes")]
    [InlineData("docs/data.md", 1, "80 to train with, 20 to choose by", "groups of duplicates")]
    [InlineData("docs/quality.md", 0, "groups of duplicates")]
    [InlineData("docs/augmentation.md", 0, "Bytes")]
    [InlineData("docs/augmentation.md", 1, "Blank")]
    [InlineData("README.md", 0, "7 (")]
    [InlineData("docs/hub.md", 0)]
    public void Example_RunsAndSays(string document, int index, params string[] words)
    {
        string example = Examples(document)[index].Replace("USER/NAME\")", "default\")", StringComparison.Ordinal);

        string output = CSharpProgram.Run(example, _folder[""]);

        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Fact]
    public void Documents_HaveTheExamplesThatRun() =>
        Assert.Equal(
            [2, 1, 2, 1, 1],
            ((string[])["docs/data.md", "docs/quality.md", "docs/augmentation.md", "README.md", "docs/hub.md"]).Select(
                document => Examples(document).Length));

    private static string[] Examples(string document) =>
        [.. CSharpBlock().Matches(File.ReadAllText(Repository.Path(document))).Select(match => match.Groups["code"].Value)];

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
