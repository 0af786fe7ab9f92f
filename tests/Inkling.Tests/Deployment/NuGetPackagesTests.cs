using System.IO.Compression;
using System.Text.Json.Nodes;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Deployment;

/// <summary>
/// The command and the library as strangers get them: from NuGet packages, which <c>./test</c> packs into
/// <c>artifacts/packages</c>, by the SDK's own commands, in a folder that knows nothing of this repository.
/// </summary>
public sealed class NuGetPackagesTests(TinyModel tiny)
{
    private static readonly string Feed = Repository.Path("artifacts/packages");
    private static readonly string Seven = Repository.Path("docs/images/seven.png");

    [Fact]
    public void Tool_InstalledFromAFolder_Predicts()
    {
        using var folder = new TemporaryFolder();

        Dotnet(folder["."], "tool", "install", "Inkling.Cli", "--tool-path", folder["tools"], "--source", Feed);
        ChildResult result = ChildProcess.Run(folder["tools/inkling"], ["predict", tiny.Package, Seven, "--json"], folder["."]);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(CliRun.Of("predict", tiny.Package, Seven, "--json").Output, result.Output);
    }

    /// <summary>What README.md tells .NET developers to type is what these tests do, but for where the tool goes.</summary>
    [Fact]
    public void Readme_Commands_AreThoseOfTheseTests()
    {
        string readme = File.ReadAllText(Repository.Path("README.md"));

        Assert.Contains(
            "\ndotnet pack Inkling.slnx --configuration Release --output artifacts/packages\n", readme, StringComparison.Ordinal);
        Assert.Contains("\ndotnet tool install --global Inkling.Cli --source artifacts/packages\n", readme, StringComparison.Ordinal);
        Assert.Contains("\ndotnet add package Inkling --source artifacts/packages\n", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_Unpacked_TakesLessThanSixtyMegabytes()
    {
        string package = Assert.Single(Directory.EnumerateFiles(Feed, "Inkling.Cli.*-*.nupkg"));
        using ZipArchive archive = ZipFile.OpenRead(package);

        Assert.Contains(archive.Entries, entry => entry.Name == "Inkling.Cli.dll");
        Assert.InRange(archive.Entries.Sum(entry => entry.Length), 1, 60_000_000);
    }

    [Fact]
    public void Library_AddedToAProject_RunsTheExampleOfItsReadme()
    {
        using var folder = new TemporaryFolder();
        NewProject(folder, Example(Repository.Path("src/Inkling/README.md")));

        Dotnet(folder["."], "add", "package", "Inkling");
        Directory.CreateDirectory(folder["runs"]);
        tiny.CopyTo(folder["runs/mnist-standard"]);
        File.Copy(Seven, folder["picture.png"]);
        string output = Dotnet(folder["."], "run");

        JsonNode expected = CliRun.Of("predict", tiny.Package, Seven, "--json").Json[0]!;
        Assert.StartsWith($"{expected["label"]} (", output, StringComparison.Ordinal);
    }

    /// <summary>An empty program that restores from the packages under test, and from what restoring this repository has left.</summary>
    private static void NewProject(TemporaryFolder folder, string program)
    {
        File.WriteAllText(folder["Stranger.csproj"], """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(folder["nuget.config"], $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="packages" />
              </config>
              <packageSources>
                <clear />
                <add key="packed" value="{Feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="restored" value="{RestoredPackages.Folder}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(folder["Program.cs"], program);
    }

    private static string Example(string readme)
    {
        string text = File.ReadAllText(readme);
        int start = text.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Dotnet(string folder, params string[] args)
    {
        ChildResult result = ChildProcess.Run(
            "dotnet", args, folder, new Dictionary<string, string> { ["NUGET_PACKAGES"] = "", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" });
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', args)}\n{result.Output}\n{result.Error}");
        return result.Output;
    }
}
