using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging;

public class PackageFolderTests
{
    [Fact]
    public void Commit_AbsentTarget_PutsPackageInPlace()
    {
        using var folder = new TemporaryFolder();

        Publish(folder["p"], "new");

        Assert.Equal("new", File.ReadAllText(folder["p/README.md"]));
        Assert.Equal("new", File.ReadAllText(folder["p/onnx/model.onnx"]));
        Assert.Equal(["p"], folder.Names);
    }

    [Fact]
    public void Commit_EmptyTarget_PutsPackageInPlace()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["p"]);

        Publish(folder["p"] + "/", "new");

        Assert.True(File.Exists(folder["p/inkling.lock.json"]));
        Assert.Equal(["p"], folder.Names);
    }

    [Fact]
    public void Commit_OverOldPackage_ReplacesItsFilesAndKeepsOthers()
    {
        using var folder = new TemporaryFolder();
        Publish(folder["p"], "old");
        File.WriteAllText(folder["p/metrics.json"], "of the old model");
        File.WriteAllText(folder["p/notes.txt"], "mine");

        Publish(folder["p"], "new");

        Assert.Equal("new", File.ReadAllText(folder["p/README.md"]));
        Assert.Equal("new", File.ReadAllText(folder["p/onnx/model.onnx"]));
        Assert.False(File.Exists(folder["p/metrics.json"]));
        Assert.Equal("mine", File.ReadAllText(folder["p/notes.txt"]));
        Assert.Equal(["p"], folder.Names);
    }

    [Fact]
    public void Dispose_WithoutCommit_KeepsOldPackageAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Publish(folder["p"], "old");

        using (PackageFolder package = PackageFolder.Stage(folder["p"]))
        {
            File.WriteAllText(package.StagedFile(PackageFiles.Card), "new");
        }

        Assert.Equal("old", File.ReadAllText(folder["p/README.md"]));
        Assert.Equal(["p"], folder.Names);
    }

    [Fact]
    public void Commit_FailsHalfway_RestoresOldPackage()
    {
        using var folder = new TemporaryFolder();
        Publish(folder["p"], "old");
        Directory.CreateDirectory(folder["p/report.html"]);

        using (PackageFolder package = PackageFolder.Stage(folder["p"]))
        {
            File.WriteAllText(package.StagedFile(PackageFiles.Card), "new");
            File.WriteAllText(package.StagedFile(PackageFiles.Metrics), "new");
            File.WriteAllText(package.StagedFile(PackageFiles.Report), "a folder is in its way");
            Assert.ThrowsAny<IOException>(package.Commit);
        }

        Assert.Equal("old", File.ReadAllText(folder["p/README.md"]));
        Assert.Equal("old", File.ReadAllText(folder["p/onnx/model.onnx"]));
        Assert.False(File.Exists(folder["p/metrics.json"]));
        Assert.Equal(["p"], folder.Names);
    }

    [Fact]
    public void Stage_FolderWithOtherFiles_Throws()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["p"]);
        File.WriteAllText(folder["p/thesis.tex"], "years of work");

        AssertRefused(folder["p"], "other files");

        Assert.Equal(["p"], folder.Names);
    }

    [Fact]
    public void Stage_FolderWithFileThatOnlyHasTheLocksName_Throws()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["p"]);
        File.WriteAllText(folder["p/inkling.lock.json"], "{}");

        AssertRefused(folder["p"], "schema");
    }

    [Fact]
    public void Stage_File_Throws()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p"], "");

        AssertRefused(folder["p"], "a file");
    }

    [Fact]
    public void Stage_LinkToAFolder_Throws()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["real"]);
        Directory.CreateSymbolicLink(folder["p"], folder["real"]);

        AssertRefused(folder["p"], "a link");
    }

    [Fact]
    public void Stage_LinkToNothing_Throws()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["p"], folder["nothing"]);

        AssertRefused(folder["p"], "a link");
    }

    [Fact]
    public void Stage_PackageWithLinkOutOfIt_Throws()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["elsewhere"]);
        Directory.CreateDirectory(folder["p"]);
        PackageLockTests.Example().Write(folder["p/inkling.lock.json"]);
        Directory.CreateSymbolicLink(folder["p/onnx"], folder["elsewhere"]);

        AssertRefused(folder["p"], "link");
    }

    [Fact]
    public void Stage_Root_Throws() => AssertRefused("/", "the root folder");

    [Fact]
    public void Commit_TargetTakenMeanwhile_ThrowsAndKeepsIt()
    {
        using var folder = new TemporaryFolder();
        using PackageFolder package = PackageFolder.Stage(folder["p"]);
        Directory.CreateDirectory(folder["p"]);
        File.WriteAllText(folder["p/other.txt"], "");

        Assert.Throws<ModelFormatException>(package.Commit);

        Assert.True(File.Exists(folder["p/other.txt"]));
    }

    private static void Publish(string path, string text)
    {
        using PackageFolder package = PackageFolder.Stage(path);
        File.WriteAllText(package.StagedFile(PackageFiles.Card), text);
        File.WriteAllText(package.StagedFile(PackageFiles.Onnx), text);
        PackageLockTests.Example().Write(package.StagedFile(PackageFiles.Lock));
        package.Commit();
    }

    private static void AssertRefused(string path, string reason) => Assert.Contains(
        reason, Assert.Throws<ModelFormatException>(() => PackageFolder.Stage(path)).Message, StringComparison.Ordinal);
}
