using Inkling.Tests.Support;

namespace Inkling.Tests.Clients;

/// <summary>Programs for the system's Python, whose modules come from Debian's packages.</summary>
internal static class PythonProgram
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Runs one.</summary>
    /// <param name="modules">What it needs of others; the test is skipped without them.</param>
    /// <param name="program">A file.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="environment">Variables.</param>
    /// <returns>What it printed.</returns>
    internal static string Run(
        string[] modules, string program, string[] args, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        Assert.SkipUnless(File.Exists(Interpreter), "the system has no Python");
        Assert.SkipUnless(
            ChildProcess.Run(Interpreter, ["-c", $"import {string.Join(", ", modules)}"]).ExitCode == 0,
            $"Python lacks one of {string.Join(", ", modules)}: .ci/run says which packages have them");
        ChildResult result = ChildProcess.Run(Interpreter, [program, .. args], folder, environment);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
