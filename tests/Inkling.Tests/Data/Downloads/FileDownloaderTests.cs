using System.Globalization;
using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Data.Downloads;
using Inkling.Data.Sources;
using Inkling.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Inkling.Tests.Data.Downloads;

public sealed class FileDownloaderTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)((i * 31) >> 3))];

    private readonly TemporaryFolder _folder = new();
    private readonly HttpMessageHandler _handler = new SocketsHttpHandler();

    public void Dispose()
    {
        _folder.Dispose();
        _handler.Dispose();
    }

    [Fact]
    public async Task Fetch_Sound_WritesTheFileOnceAndOnlyIt()
    {
        await using FileServer server = await FileServer.Start(Send);

        string path = Downloader().Fetch(File(server.At("/f")), _folder["c"], offline: false, TestContext.Current.CancellationToken);
        Downloader().Fetch(File(server.At("/f")), _folder["c"], offline: true, TestContext.Current.CancellationToken);

        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(["f.gz"], Directory.GetFiles(_folder["c"]).Select(Path.GetFileName));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Fetch_ConnectionDrops_ContinuesWhereItStopped()
    {
        int requests = 0;
        await using FileServer server = await FileServer.Start(async context =>
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                context.Response.ContentLength = Content.Length;
                await context.Response.Body.WriteAsync(Content.AsMemory(0, 100_000));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }

            await Send(context);
        });

        string path = Downloader().Fetch(File(server.At("/f")), _folder["c"], offline: false, TestContext.Current.CancellationToken);

        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Matches("^bytes=[1-9][0-9]*-$", server.Requests[1].Range);
    }

    [Fact]
    public async Task Fetch_FirstMirrorsAnswerWithHtmlAndOtherBytes_TakesTheNext()
    {
        await using FileServer server = await FileServer.Start(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/html":
                    context.Response.ContentType = "text/html; charset=utf-8";
                    await context.Response.WriteAsync("<html>please log in");
                    break;
                case "/other":
                    await context.Response.Body.WriteAsync(new byte[Content.Length]);
                    break;
                case "/gone":
                    context.Response.StatusCode = 404;
                    break;
                default:
                    await Send(context);
                    break;
            }
        });

        string path = Downloader().Fetch(
            File(server.At("/html"), server.At("/other"), server.At("/gone"), server.At("/f")), _folder["c"], offline: false, TestContext.Current.CancellationToken);

        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(["/html", "/other", "/gone", "/f"], server.Requests.Select(request => request.Path));
    }

    [Theory]
    [InlineData("html", "a web page instead of the file")]
    [InlineData("other", "bytes with another SHA-256")]
    [InlineData("short", "1000 of 300000 bytes")]
    [InlineData("long", "more than 300000 bytes")]
    [InlineData("error", "status 500")]
    public async Task Fetch_NoMirrorIsSound_TellsWhyAndLeavesNothingUnderTheName(string answer, string why)
    {
        await using FileServer server = await FileServer.Start(async context =>
        {
            context.Response.ContentType = answer == "html" ? "text/html" : "application/octet-stream";
            context.Response.StatusCode = answer == "error" ? 500 : 200;
            int length = answer switch { "short" => 1000, "long" => Content.Length + 1, _ => Content.Length };
            await context.Response.Body.WriteAsync(new byte[length]);
        });

        var fault = Assert.Throws<DataFormatException>(
            () => Downloader().Fetch(File(server.At("/f")), _folder["c"], offline: false, TestContext.Current.CancellationToken));

        Assert.Contains(why, fault.Actual, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(_folder["c/f.gz"]));
    }

    [Fact]
    public void Fetch_NobodyListens_NamesTheMirror()
    {
        var fault = Assert.Throws<DataFormatException>(
            () => Downloader().Fetch(File("http://127.0.0.1:9/f"), _folder["c"], offline: false, TestContext.Current.CancellationToken));

        Assert.Contains("http://127.0.0.1:9/f", fault.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Fetch_Offline_SaysWhatIsMissing()
    {
        var fault = Assert.Throws<DataFormatException>(
            () => Downloader().Fetch(File("http://127.0.0.1:9/f"), _folder["c"], offline: true, TestContext.Current.CancellationToken));

        Assert.Equal(_folder["c/f.gz"], fault.Path);
        Assert.False(Directory.Exists(_folder["c"]));
    }

    [Fact]
    public void Fetch_CacheHoldsAnotherFile_IsRefused()
    {
        TestPictures.Put(_folder["c/f.gz"], [1, 2, 3]);

        var fault = Assert.Throws<DataFormatException>(
            () => Downloader().Fetch(File("http://127.0.0.1:9/f"), _folder["c"], offline: false, TestContext.Current.CancellationToken));

        Assert.StartsWith("SHA-256", fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_CacheCannotBeWritten_IsAnErrorOfTheData()
    {
        await using FileServer server = await FileServer.Start(Send);
        System.IO.File.WriteAllText(_folder["c"], "a file where the folder should be");

        Assert.Throws<DataFormatException>(
            () => Downloader().Fetch(File(server.At("/f")), _folder["c"], offline: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Fetch_NoSpaceLeft_IsAnErrorOfTheData_AndNothingHasTheName()
    {
        Assert.SkipUnless(System.IO.File.Exists("/dev/full"), "no device that is always full");
        await using FileServer server = await FileServer.Start(Send);
        Directory.CreateDirectory(_folder["c"]);
        System.IO.File.CreateSymbolicLink(_folder["c/f.gz.partial"], "/dev/full");

        var fault = Assert.Throws<DataFormatException>(
            () => Downloader().Fetch(File(server.At("/f")), _folder["c"], offline: false, TestContext.Current.CancellationToken));

        Assert.StartsWith("room and permission", fault.Expected, StringComparison.Ordinal);
        Assert.Equal(_folder["c/f.gz"], fault.Path);
        Assert.False(System.IO.File.Exists(_folder["c/f.gz"]));
    }

    [Fact]
    public void Catalogue_NamesHttpsMirrorsAndWholeHashes() => Assert.All(
        DatasetDownload.All.SelectMany(dataset => dataset.Files), file =>
        {
            Assert.True(file.Mirrors.Count >= 2);
            Assert.All(file.Mirrors, mirror => Assert.StartsWith("https://", mirror, StringComparison.Ordinal));
            Assert.Matches("^[0-9a-f]{64}$", file.Sha256);
        });

    [Fact]
    public void Load_FashionMnistOfDebian_IsTheWholeDataset()
    {
        Assert.SkipUnless(Directory.Exists("/usr/share/datasets/fashion-mnist"), "Debian's dataset-fashion-mnist isn't installed");
        ImageDataset fashion = Datasets.Load("fashion-mnist", new DatasetOptions { Offline = true });

        Assert.Equal((60_000, 10_000, 10), (fashion.Train.Count, fashion.Test!.Open().Count, fashion.ClassNames.Count));
        Assert.Equal("Ankle boot", fashion.ClassNames[fashion.Train.Labels[0]]);
        Assert.True(fashion.DuplicateGroups.Distinct().Count() < 60_000);
    }

    private static async Task Send(HttpContext context)
    {
        int start = 0;
        string range = context.Request.Headers.Range.ToString();
        if (range.Length > 0)
        {
            start = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {start}-{Content.Length - 1}/{Content.Length}";
        }

        await context.Response.Body.WriteAsync(Content.AsMemory(start));
    }

    private FileDownloader Downloader() => new(_handler, new NoWaiting(), report: null);

    private static RemoteFile File(params string[] mirrors) =>
        new("f.gz", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)), mirrors);

    /// <summary>A clock whose timers ring at once.</summary>
    private sealed class NoWaiting : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
