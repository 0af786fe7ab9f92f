using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Inkling.Data.Downloads;

/// <summary>Fetches files of known length and hash into a folder, from whichever mirror has them.</summary>
/// <remarks>
/// A file is written as <c>NAME.partial</c>, continued after a dropped connection or in a later run, and renamed when
/// its hash is right: what bears its name is whole. A mirror that sends something else is passed over.
/// </remarks>
internal sealed class FileDownloader(HttpMessageHandler handler, TimeProvider time, Action<string>? report)
{
    /// <summary>Rounds over all mirrors.</summary>
    private const int Rounds = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The file's path, after fetching it if it isn't there.</summary>
    /// <exception cref="DataFormatException">No mirror has it, or it can't be written; every mirror's answer is told.</exception>
    public string Fetch(RemoteFile file, string folder, bool offline, CancellationToken cancellation = default)
    {
        string path = Path.Combine(folder, file.Name);
        if (File.Exists(path))
        {
            return Matches(path, file) ? path : throw new DataFormatException(
                path, null, $"SHA-256 {file.Sha256}", "another file", "Delete it; it is fetched again.");
        }

        if (offline)
        {
            throw new DataFormatException(
                path, null, "a file in the cache", "none", "Fetch it once without --offline, or put it there: " + file.Mirrors[0]);
        }

        try
        {
            Directory.CreateDirectory(folder);
            return FetchFromMirrors(file, path, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(
                path, null, $"room and permission for {file.LengthBytes} bytes", e.Message,
                $"Make room, or choose another folder with {DatasetCache.Variable}.", e);
        }
    }

    private string FetchFromMirrors(RemoteFile file, string path, CancellationToken cancellation)
    {
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var answers = new List<string>();
        var pause = FirstPause;
        for (int round = 0; round < Rounds; round++, pause *= 2)
        {
            if (round > 0)
            {
                Task.Delay(pause, time, cancellation).GetAwaiter().GetResult();
            }

            foreach (string mirror in file.Mirrors)
            {
                report?.Invoke(string.Create(CultureInfo.InvariantCulture, $"Fetching {mirror} ({file.LengthBytes:N0} bytes)"));
                string? fault = TryFetch(client, file, mirror, path, cancellation);
                if (fault is null)
                {
                    return path;
                }

                answers.Add($"{mirror}: {fault}");
            }
        }

        throw new DataFormatException(
            path, null, $"{file.LengthBytes} bytes from one of {file.Mirrors.Count} mirrors", string.Join(
                "; ", answers.TakeLast(file.Mirrors.Count)),
            "Check the network, or put the file there yourself.");
    }

    /// <returns>Null if the file is there now, or what went wrong.</returns>
    private static string? TryFetch(HttpClient client, RemoteFile file, string mirror, string path, CancellationToken cancellation)
    {
        string partial = path + ".partial";
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            string? refusal = Continue(client, file, mirror, partial, patience);
            if (refusal is not null)
            {
                return refusal;
            }
        }
        catch (Exception e) when (IsNetworkFault(e, cancellation))
        {
            // What has come stays, to be continued.
            return e is OperationCanceledException ? $"silent for {Patience.TotalSeconds} s" : e.Message;
        }

        if (!Matches(partial, file))
        {
            File.Delete(partial);
            return "bytes with another SHA-256";
        }

        File.Move(partial, path, overwrite: true);
        return null;
    }

    private static string? Continue(HttpClient client, RemoteFile file, string mirror, string partial, CancellationTokenSource patience)
    {
        using var stream = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        if (stream.Length >= file.LengthBytes)
        {
            stream.SetLength(0);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, mirror);
        request.Headers.Range = stream.Length > 0 ? new RangeHeaderValue(stream.Length, null) : null;
        using HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            return $"status {(int)response.StatusCode}";
        }

        if (response.Content.Headers.ContentType?.MediaType is "text/html")
        {
            return "a web page instead of the file";
        }

        bool continues =
            response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == stream.Length;
        stream.SetLength(continues ? stream.Length : 0);
        stream.Position = stream.Length;
        using Stream body = response.Content.ReadAsStream(patience.Token);
        return Copy(body, stream, file.LengthBytes, patience);
    }

    private static string? Copy(Stream body, FileStream stream, long length, CancellationTokenSource patience)
    {
        byte[] block = new byte[1 << 17];
        while (true)
        {
            patience.CancelAfter(Patience);
            int read = ReadBlock(body, block, patience.Token);
            if (read == 0)
            {
                return stream.Length == length ? null : $"{stream.Length} of {length} bytes";
            }

            if (stream.Length + read > length)
            {
                stream.SetLength(0);
                return $"more than {length} bytes";
            }

            stream.Write(block, 0, read);
        }
    }

    private static int ReadBlock(Stream body, byte[] block, CancellationToken patience)
    {
        try
        {
            return body.ReadAsync(block, patience).AsTask().GetAwaiter().GetResult();
        }
        catch (IOException e)
        {
            // Told apart from faults of the disk.
            throw new HttpRequestException($"the connection broke ({e.Message})", e);
        }
    }

    private static bool IsNetworkFault(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or TaskCanceledException or OperationCanceledException && !cancellation.IsCancellationRequested;

    private static bool Matches(string path, RemoteFile file)
    {
        using FileStream stream = File.OpenRead(path);
        return stream.Length == file.LengthBytes && Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256;
    }
}
