using System.IO.Compression;
using System.Security.Cryptography;
using Inkling.Tests.Support;

namespace Inkling.Tests.Deployment;

/// <summary>
/// Inkling itself is what it asks of a model: a reproducible build. What <c>./test</c> has packed in this folder is packed again
/// from a copy, by somebody with another home, time zone, language and package folder, and every byte is compared.
/// </summary>
[Trait("Duration", "Minutes")]
public sealed class ReproducibleBuildTests
{
    /// <summary>About a minute on two idle cores.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly string Packed = Repository.Path("artifacts/packages");

    [Fact]
    public void Packages_BuiltAgainElsewhere_AreTheSameBytes()
    {
        Assert.SkipUnless(Path.Exists(Repository.Path(".git")), "without git no build knows its commit");
        using var folder = new TemporaryFolder();
        string copy = folder["another folder=elsewhere"];
        CopyWorkingFiles(copy);

        Pack(copy, folder);

        string[] names = [.. Packages(Packed)];
        Assert.NotEmpty(names);
        Assert.Equal(names, Packages(Path.Combine(copy, "packed")));
        Offenders.None(names.SelectMany(name => Differences(Path.Combine(Packed, name), Path.Combine(copy, "packed", name))));
    }

    [Fact]
    public void Differences_OneByteOfOneEntry_NameTheEntry()
    {
        using var folder = new TemporaryFolder();
        WriteZip(folder["one.zip"], ("same", "a"), ("other", "a"), ("missing", "a"));
        WriteZip(folder["two.zip"], ("same", "a"), ("other", "b"));

        Assert.Equal([], Differences(folder["one.zip"], folder["one.zip"]));
        Assert.Equal(["one.zip: missing", "one.zip: other"], Differences(folder["one.zip"], folder["two.zip"]));
    }

    /// <summary>A clone of this commit, with the files of the working copy as they are now.</summary>
    private static void CopyWorkingFiles(string copy)
    {
        Run("git", Repository.Root, "clone", "--quiet", "--shared", "--no-checkout", Repository.Root, copy);
        string files = Run("git", Repository.Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        foreach (string file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Repository.Path(file))))
        {
            string destination = Path.Combine(copy, file);
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            File.Copy(Repository.Path(file), destination);
        }
    }

    /// <summary>
    /// Offline: the package folder is this user's, by another name. Without analyzers, which take half of the time and change no byte.
    /// </summary>
    private static void Pack(string copy, TemporaryFolder folder)
    {
        Directory.CreateSymbolicLink(folder["packages"], RestoredPackages.Folder);
        string system = Path.GetFileName(Packages(Packed).Single(IsToolOfOneSystem)).Split('.')[2];
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = folder["home"],
            ["DOTNET_CLI_HOME"] = folder["home"],
            ["NUGET_PACKAGES"] = folder["packages"],
            ["TZ"] = "Pacific/Chatham",
            ["LANG"] = "tr_TR.UTF-8",
            ["DOTNET_CLI_UI_LANGUAGE"] = "de",
        };
        Run(
            "dotnet", copy, environment, "pack", "Inkling.slnx", "--configuration", "Release", "--output", "packed", "--verbosity", "quiet",
            "--disable-build-servers", "-p:NuGetAudit=false", "-p:RunAnalyzers=false", $"-p:RuntimeIdentifiers={system}");
    }

    private static bool IsToolOfOneSystem(string package) =>
        package.StartsWith("Inkling.Cli.", StringComparison.Ordinal) && package.Contains('-', StringComparison.Ordinal)
        && package.EndsWith(".nupkg", StringComparison.Ordinal);

    private static IEnumerable<string> Packages(string folder) =>
        Directory.EnumerateFiles(folder, "*nupkg").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>The entries that only one of two archives has, or that have other bytes.</summary>
    private static IEnumerable<string> Differences(string one, string two)
    {
        if (Hash(File.OpenRead(one)) == Hash(File.OpenRead(two)))
        {
            return [];
        }

        Dictionary<string, string> inOne = Entries(one);
        Dictionary<string, string> inTwo = Entries(two);
        return inOne.Keys.Union(inTwo.Keys)
            .Where(name => inOne.GetValueOrDefault(name) != inTwo.GetValueOrDefault(name))
            .DefaultIfEmpty("times, order or compression")
            .Order(StringComparer.Ordinal)
            .Select(name => $"{Path.GetFileName(one)}: {name}");
    }

    private static Dictionary<string, string> Entries(string file)
    {
        using ZipArchive archive = ZipFile.OpenRead(file);
        return archive.Entries.ToDictionary(entry => entry.FullName, entry => Hash(entry.Open()));
    }

    private static string Hash(Stream stream)
    {
        using (stream)
        {
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
    }

    private static void WriteZip(string file, params (string Name, string Text)[] entries)
    {
        using ZipArchive archive = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach ((string name, string text) in entries)
        {
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(text);
        }
    }

    private static string Run(string program, string folder, params string[] args) => Run(program, folder, [], args);

    private static string Run(string program, string folder, Dictionary<string, string> environment, params string[] args)
    {
        ChildResult result = ChildProcess.Run(program, args, folder, environment, Patience);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', args)}\n{result.Output}\n{result.Error}");
        return result.Output;
    }
}
