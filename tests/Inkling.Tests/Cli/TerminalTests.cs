using Inkling.Cli.Display;

namespace Inkling.Tests.Cli;

/// <summary>Texts of packages and files can't command a terminal.</summary>
public sealed class TerminalTests
{
    [Theory]
    [InlineData("EPYC", "EPYC")]
    [InlineData("\u001b]0;title\u0007EPYC", "?]0;title?EPYC")]
    [InlineData("a\r\nb\u2028c", "a b c")]
    [InlineData("one of:\t'a'\t'b'", "one of: 'a' 'b'")]
    [InlineData("\u009b31mred", "?31mred")]
    [InlineData("数字 é", "数字 é")]
    public void Clean_Text_IsOneLineWithoutControls(string text, string cleaned)
    {
        Assert.Equal(cleaned, Terminal.Clean(text));
        Assert.Equal(cleaned.Replace("]", "]]", StringComparison.Ordinal), Terminal.Cell(text));
    }
}
