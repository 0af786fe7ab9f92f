using System.Diagnostics;
using System.Runtime.InteropServices;
using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

/// <summary>The program as a shell sees it: exit codes, signals, a disk that takes no more, output that is no terminal.</summary>
public sealed class ProcessTests(TinyModel tiny)
{
    private static readonly string Program = Repository.Program("Inkling.Cli", "release");

    [Fact]
    public void Process_UnknownCommand_ExitsWithTwo()
    {
        ChildResult result = Run("fly");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        CliRun.AssertOneLine(result.Error, "fly");
    }

    [Fact]
    public void Process_NotATerminal_WritesPlainLines()
    {
        using var folder = new TemporaryFolder();

        ChildResult result = Run("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["p"]);

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
        Assert.DoesNotContain('\r', result.Output + result.Error);
        Assert.Equal(4, result.Error.Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2, "SIGINT")]
    [InlineData(15, "SIGTERM")]
    public void Process_Signalled_ExitsWith130AndKeepsWhatWasThere(int signal, string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), $"{name} is of Unix");
        using var folder = new TemporaryFolder();
        tiny.CopyTo(folder["p"]);
        using ChildProcess child = ChildProcess.Start("dotnet", [Program, "train", "--recipe", "standard", "--out", folder["p"]]);
        child.ReadErrorLine();
        string plan = child.ReadErrorLine()!;

        var watch = Stopwatch.StartNew();
        Assert.Equal(0, Signals.Send(child.Id, signal));
        ChildResult result = child.Wait();

        Assert.Contains("parameters", plan, StringComparison.Ordinal);
        Assert.Equal(130, result.ExitCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        CliRun.AssertOneLine(result.Error, "Interrupted");
        Assert.Equal(["p", "p.run"], folder.Names);
        Assert.All(
            Directory.EnumerateFiles(tiny.Package),
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder["p/" + Path.GetFileName(file)])));
    }

    [Fact]
    public void Process_DiskTakesNoMore_ExitsWithFourAndKeepsWhatWasThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "limits of file size are of Unix");
        using var folder = new TemporaryFolder();
        tiny.CopyTo(folder["p"]);

        // Files may not grow beyond 4,096 bytes (ulimit's unit is 512 in a POSIX shell). The signal that says so is ignored, so
        // that writing fails as on a full disk; the runtime's own double-mapped memory would need a larger file.
        ChildResult result = ChildProcess.Run(
            "sh",
            ["-c", "trap '' XFSZ; ulimit -f 8; exec dotnet \"$@\"", "sh",
                Program, "train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--max-steps", "2", "--out", folder["p"]],
            environment: new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_EnableDiagnostics"] = "0" });

        // A checkpoint that finds no room doesn't stop the training.
        Assert.Contains("No checkpoint at step 2", result.Error, StringComparison.Ordinal);
        Assert.Equal(4, result.ExitCode);
        CliRun.AssertOneLine(result.Error[result.Error.LastIndexOf("inkling: ", StringComparison.Ordinal)..], "model.safetensors");
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(["p"], folder.Names);
        Assert.All(
            Directory.EnumerateFiles(tiny.Package),
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder["p/" + Path.GetFileName(file)])));
    }

    private static ChildResult Run(params string[] args) => ChildProcess.Run("dotnet", [Program, .. args]);
}

/// <summary>Sends a signal, as Ctrl-C does.</summary>
internal static partial class Signals
{
    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Send(int process, int signal);
}
