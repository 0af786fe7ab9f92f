using Inkling.Serialization;
using Inkling.Tests.Support;

namespace Inkling.Tests.Serialization;

public class AtomicFileTests
{
    [Fact]
    public void Write_OverOldFile_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a"], "old and longer");

        AtomicFile.Write(folder["a"], "new ü");

        Assert.Equal("new ü"u8, File.ReadAllBytes(folder["a"]));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void Write_FailsHalfway_KeepsOldFileAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a"], "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));

        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void Write_Cancelled_LeavesNothing()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<OperationCanceledException>(
            () => AtomicFile.Write(folder["a"], _ => throw new OperationCanceledException()));

        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Write_TargetIsFolder_ThrowsAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a"]);

        Assert.ThrowsAny<SystemException>(() => AtomicFile.Write(folder["a"], "text"));

        Assert.Equal(["a"], folder.Names);
    }
}
