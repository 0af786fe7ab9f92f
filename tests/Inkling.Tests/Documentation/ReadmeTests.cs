using System.Text.RegularExpressions;
using Inkling.Tests.Deployment;
using Inkling.Tests.Support;

namespace Inkling.Tests.Documentation;

/// <summary>
/// Every command of the README works. The rule: all lines of its <c>sh</c> blocks are taken in order. A line with
/// <c>./inkling</c> runs as it stands, in one temporary folder for all, which has the repository's own files and folders
/// as links and a launcher that calls the repository's; it has to exit with 0. Only <c>train</c> is cut short, by
/// <c>--max-steps 20</c>. What the test doesn't run: <c>./test</c>, which would run this test; <c>dotnet pack</c>, <c>dotnet tool
/// install</c> and <c>dotnet add package</c>, which <see cref="NuGetPackagesTests"/> runs. A line of any other kind fails the test, so that
/// nothing goes unchecked.
/// </summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Readme_Commands_AllExitWithZero()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the launcher is a shell script");
        string[] commands = Commands(File.ReadAllText(Repository.Path("README.md")));
        using TemporaryFolder folder = WorkingFolder();

        Assert.Contains("./inkling train", commands);
        Assert.Contains("./test", commands);
        foreach (string command in commands.Where(IsRun))
        {
            ChildResult result = ChildProcess.Run("bash", ["-c", CutShort(command)], folder["."]);
            Assert.True(result.ExitCode == 0, $"{command}: exit code {result.ExitCode}\n{result.Error}");
        }
    }

    [Fact]
    public void Readme_Headings_AreTheTwelve() => Assert.Equal(
        [
            "Project Overview", "Dataset", "Data Quality Analysis", "Data Augmentation", "Model Architecture", "Training Procedure", "Evaluation",
            "Software Engineering Practices", "Deployment", "How to run the project locally", "Repository Structure", "References",
        ],
        File.ReadLines(Repository.Path("README.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(
            line => line[3..]));

    [Fact]
    public void Commands_OfAText_AreTheLinesOfItsShellBlocks()
    {
        const string Text = "# A\n```sh\n./inkling train   # a minute\n\n./inkling predict p \\\n  a.png\n```\nthen\n```csharp\nx();\n```\n```sh\n./test\n```\n";

        string[] commands = Commands(Text);

        Assert.Equal(["./inkling train", "./inkling predict p   a.png", "./test"], commands);
        Assert.Equal("./inkling train --max-steps 20 --recipe quick", CutShort("./inkling train --recipe quick"));
        Assert.Equal("./inkling train --max-steps 5", CutShort("./inkling train --max-steps 5"));
        Assert.True(IsRun("cat a.png | ./inkling predict p -"));
        Assert.False(IsRun("dotnet add package Inkling"));
        Assert.ThrowsAny<Exception>(() => IsRun("make install"));
    }

    private static string[] Commands(string markdown) =>
    [
        .. ShellBlock().Matches(markdown)
            .SelectMany(block => block.Groups["lines"].Value.Replace("\\\n", "", StringComparison.Ordinal).Split('\n'))
            .Select(line => Comment().Replace(line, "").Trim())
            .Where(line => line.Length > 0),
    ];

    private static bool IsRun(string command)
    {
        if (command.Contains("./inkling ", StringComparison.Ordinal))
        {
            return true;
        }

        Assert.Matches("^(\\./test$|dotnet (pack|tool install|add package) )", command);
        return false;
    }

    private static string CutShort(string command) => command.Contains("--max-steps", StringComparison.Ordinal)
        ? command
        : command.Replace("./inkling train", "./inkling train --max-steps 20", StringComparison.Ordinal);

    private static TemporaryFolder WorkingFolder()
    {
        var folder = new TemporaryFolder();
        foreach (string entry in Directory.EnumerateFileSystemEntries(Repository.Root))
        {
            string name = Path.GetFileName(entry);
            if (name is not ("runs" or "inkling" or "test" or "artifacts") && !name.StartsWith('.'))
            {
                File.CreateSymbolicLink(folder[name], entry);
            }
        }

        File.WriteAllText(folder["inkling"], $"#!/bin/sh\nexec '{Repository.Path("inkling")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["inkling"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }

    [GeneratedRegex("^```sh\\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("(^|\\s)#.*$")]
    private static partial Regex Comment();
}
