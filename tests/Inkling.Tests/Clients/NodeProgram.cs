using Inkling.Tests.Support;

namespace Inkling.Tests.Clients;

/// <summary>Programs of tests/node, with the npm packages that <c>./test</c> has installed there.</summary>
internal static class NodeProgram
{
    private static readonly string Folder = Repository.Path("tests/node");

    /// <summary>Runs one that takes its models from a folder and has no network.</summary>
    /// <returns>What it printed.</returns>
    internal static string Run(string models, params string[] args) => RunIn(Folder, models, args);

    /// <inheritdoc cref="Run"/>
    internal static string RunIn(string workingFolder, string models, params string[] args)
    {
        SkipWithoutPackages();
        ChildResult result = ChildProcess.Run(
            "node",
            ["--import", new Uri(Path.Combine(Folder, "offline.mjs")).AbsoluteUri, .. args],
            workingFolder,
            new Dictionary<string, string> { ["MODELS"] = models });
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    internal static void SkipWithoutPackages() => Assert.SkipUnless(
        Directory.Exists(Path.Combine(Folder, "node_modules")), "tests/node has no packages: ./test installs them where npm is");
}
