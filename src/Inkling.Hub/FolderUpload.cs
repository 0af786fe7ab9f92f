using System.Text.Json.Nodes;
using Inkling.Packages;

namespace Inkling.Hub;

/// <summary>The sending of one commit.</summary>
internal sealed class FolderUpload(
    HubTransport transport, HubApi api, HubSettings settings, Publication publication, string head,
    UploadFile[] changed, string[] removed, IProgress<HubProgress>? progress)
{
    private const int SampleBytes = 512;

    private readonly Dictionary<string, long> _sent = [];
    private readonly long _total = changed.Sum(file => file.Size);

    internal async Task<HubCommit> RunAsync(UploadFile[] wanted, CancellationToken cancellation)
    {
        (string, long, byte[])[] samples = [.. changed.Select(file => (file.Path, file.Size, Sample(file.Source)))];
        IReadOnlyDictionary<string, UploadMode> modes = await api.PreuploadAsync(
            publication.Repository, publication.Revision, publication.AsPullRequest, samples, cancellation).ConfigureAwait(false);

        // The storage takes no empty files, whatever the answer says.
        bool IsLarge(UploadFile file) => file.Size > 0 && modes.TryGetValue(file.Path, out UploadMode? mode) && mode.IsLarge;
        UploadFile[] kept = [.. changed.Where(file => !(modes.TryGetValue(file.Path, out UploadMode? mode) && mode.IsIgnored))];
        await SendLargeAsync(kept.Where(IsLarge), cancellation).ConfigureAwait(false);

        JsonObject[] Lines() =>
            [Header(), .. kept.Select(file => IsLarge(file) ? LargeLine(file) : RegularLine(file)), .. removed.Select(RemovedLine)];
        HubCommit commit;
        try
        {
            commit = await CommitAsync(Lines, wanted, cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.Status == 400 && e.ServerMessage.Contains("LFS pointer", StringComparison.Ordinal))
        {
            // The storage has let go of what it said it had.
            await SendLargeAsync(kept.Where(IsLarge), cancellation).ConfigureAwait(false);
            commit = await CommitAsync(Lines, wanted, cancellation).ConfigureAwait(false);
        }

        foreach (UploadFile file in kept)
        {
            Report(file, file.Size);
        }

        return commit;
    }

    private Task SendLargeAsync(IEnumerable<UploadFile> files, CancellationToken cancellation) =>
        new LfsUpload(transport, api, settings).SendAsync(
            publication.Repository, publication.AsPullRequest ? null : publication.Revision, files, Report, cancellation);

    /// <summary>
    /// Commits once. A commit names its parent, so that it can't happen twice: when an answer is lost, the head tells
    /// whether it has happened.
    /// </summary>
    private Task<HubCommit> CommitAsync(Func<JsonObject[]> lines, UploadFile[] wanted, CancellationToken cancellation) =>
        new HubRetry(settings.Clock).RunAsync(
            async () =>
            {
                try
                {
                    return await api.CommitAsync(
                        publication.Repository, publication.Revision, publication.AsPullRequest, lines(), cancellation)
                        .ConfigureAwait(false);
                }
                catch (HubException e) when (publication.AsPullRequest && e.IsTransient && (e.IsUnanswered || e.Status >= 500))
                {
                    throw new HubException(
                        $"{e.Message} The pull request may have been opened: look at the repository's page before trying again.", e)
                    {
                        Status = e.Status, RequestId = e.RequestId,
                    };
                }
                catch (HubException e) when (e.IsUnanswered || e.Status is 412 or >= 500)
                {
                    if (await LandedAsync(wanted, cancellation).ConfigureAwait(false) is { } landed)
                    {
                        return landed;
                    }

                    throw;
                }
            },
            () => 0,
            cancellation);

    /// <summary>The branch's commit, if it is a new one with all that was to be in it.</summary>
    private async Task<HubCommit?> LandedAsync(UploadFile[] wanted, CancellationToken cancellation)
    {
        string now = await api.CommitOfAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false);
        if (now == head)
        {
            return null;
        }

        IReadOnlyList<HubFile> there = await api.ListAsync(publication.Repository, now, cancellation).ConfigureAwait(false);
        bool isOurs = wanted.All(file => there.Any(known => known.Path == file.Path && known.Is(file.Hashes)))
            && !there.Any(known => removed.Contains(known.Path));
        return isOurs ? new HubCommit(now, null) : null;
    }

    private void Report(UploadFile file, long bytes)
    {
        _sent[file.Path] = bytes;
        progress?.Report(new HubProgress(file.Path, _sent.Values.Sum(), _total));
    }

    private JsonObject Header() => Line("header", new JsonObject
    {
        ["summary"] = $"Publish with Inkling {ProductVersion.Number}", ["description"] = "", ["parentCommit"] = head,
    });

    private static JsonObject RegularLine(UploadFile file) => Line("file", new JsonObject
    {
        ["path"] = file.Path, ["content"] = Convert.ToBase64String(File.ReadAllBytes(file.Source)), ["encoding"] = "base64",
    });

    private static JsonObject LargeLine(UploadFile file) => Line("lfsFile", new JsonObject
    {
        ["path"] = file.Path, ["algo"] = "sha256", ["oid"] = file.Hashes.Sha256, ["size"] = file.Size,
    });

    private static JsonObject RemovedLine(string path) => Line("deletedFile", new JsonObject { ["path"] = path });

    private static JsonObject Line(string key, JsonObject value) => new() { ["key"] = key, ["value"] = value };

    private static byte[] Sample(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] sample = new byte[Math.Min(SampleBytes, file.Length)];
        file.ReadExactly(sample);
        return sample;
    }
}
