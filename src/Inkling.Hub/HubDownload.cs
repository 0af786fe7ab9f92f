using System.Net;

namespace Inkling.Hub;

/// <summary>Fetches one file of a commit: goes on after a break, and believes nothing but the hash.</summary>
internal sealed class HubDownload(HubTransport transport, HubApi api, HubSettings settings)
{
    /// <summary>Writes the file to a path.</summary>
    /// <param name="repository">Whose file.</param>
    /// <param name="commit">Of which commit.</param>
    /// <param name="file">As the listing has it.</param>
    /// <param name="path">May hold the beginning already.</param>
    /// <param name="got">Told the bytes that are there.</param>
    /// <param name="cancellation">Ends it; what has been fetched stays.</param>
    /// <exception cref="HubException">It can't be had, or its bytes aren't those of the listing; then nothing is left of it.</exception>
    internal async Task FetchAsync(
        HubRepository repository, string commit, HubFile file, string path, Action<long> got, CancellationToken cancellation)
    {
        using var target = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (target.Length > file.Size)
        {
            target.SetLength(0);
        }

        string escaped = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        string operation = $"download of {file.Path}";
        await new HubRetry(settings.Clock).RunAsync(
            async () =>
            {
                if (target.Length < file.Size || file.Size == 0)
                {
                    var request = new HubRequest(operation, HttpMethod.Get, api.At($"{repository.WebPath}/resolve/{commit}/{escaped}"))
                    {
                        Offset = target.Length,
                        IsRepeatable = false,
                    };
                    await ReadAsync(request, file, target, got, cancellation).ConfigureAwait(false);
                }

                return Check(operation, file, path, target);
            },
            () => target.Length,
            cancellation).ConfigureAwait(false);
    }

    private async Task ReadAsync(HubRequest request, HubFile file, FileStream target, Action<long> got, CancellationToken cancellation)
    {
        try
        {
            await transport.SendAsync(
                request, (response, guard) => CopyAsync(request.Operation, response, guard, file, target, got), cancellation)
                .ConfigureAwait(false);
        }
        catch (HubException e) when (e.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            target.SetLength(0);
            throw new HubException(e.Message, e) { Status = e.Status, RequestId = e.RequestId, IsTransient = true };
        }
    }

    private async Task<bool> CopyAsync(
        string operation, HttpResponseMessage response, StallGuard guard, HubFile file, FileStream target, Action<long> got)
    {
        // Who doesn't give the part that was asked for gives the whole.
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == target.Length;
        target.SetLength(goesOn ? target.Length : 0);
        target.Position = target.Length;
        guard.Reset(settings.StallTimeout);
        using Stream body = await response.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
        byte[] block = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(block, guard.Token).ConfigureAwait(false)) > 0;)
        {
            guard.Reset();
            if (target.Length + read > file.Size)
            {
                target.SetLength(0);
                throw new HubException($"{operation}: more than the {file.Size} bytes of the listing arrive. Try again later.") { IsTransient = true };
            }

            await target.WriteAsync(block.AsMemory(0, read), guard.Token).ConfigureAwait(false);
            await target.FlushAsync(guard.Token).ConfigureAwait(false);
            got(target.Length);
        }

        return target.Length == file.Size ? true : throw new HubException(
            $"{operation}: it ended after {target.Length} of {file.Size} bytes. Try again later.")
        {
            IsTransient = true,
        };
    }

    private static bool Check(string operation, HubFile file, string path, FileStream target)
    {
        target.Flush(flushToDisk: true);
        FileHashes hashes = FileHashes.Of(path);
        if (file.Is(hashes))
        {
            return true;
        }

        target.SetLength(0);
        throw new HubException(
            $"{operation}: its bytes are damaged, expected hash {file.ETag}, found {(file.Sha256 is null ? hashes.GitBlob : hashes.Sha256)}. Try again later.")
        {
            IsTransient = true,
        };
    }
}
