namespace Inkling.Tests.Support;

/// <summary>For tests that look at many places and name every one at fault.</summary>
internal static class Offenders
{
    /// <summary>Fails with all of the lines, if there are any.</summary>
    internal static void None(IEnumerable<string> offenders)
    {
        string[] all = [.. offenders];
        if (all.Length > 0)
        {
            Assert.Fail($"{all.Length} found\n{string.Join('\n', all)}");
        }
    }
}
