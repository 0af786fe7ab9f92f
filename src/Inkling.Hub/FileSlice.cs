using System.Net;

namespace Inkling.Hub;

/// <summary>A part of a file as the body of a request: of known length, read as it is sent, counted as it goes.</summary>
internal sealed class FileSlice(string path, long offset, long length, StallGuard guard, Action<long> sent) : HttpContent
{
    private const int BlockBytes = 1 << 16;

    protected override bool TryComputeLength(out long computed)
    {
        // Without a length .NET would send in chunks, which the storage refuses.
        computed = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockBytes, useAsync: true);
        file.Position = offset;
        byte[] block = new byte[BlockBytes];
        for (long left = length; left > 0;)
        {
            int read = await file.ReadAsync(block.AsMemory(0, (int)Math.Min(left, BlockBytes)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new HubException($"{path}: the file has become shorter while it was sent. Run the same command again.");
            }

            await stream.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            guard.Reset();
            left -= read;
            sent(length - left);
        }
    }
}
