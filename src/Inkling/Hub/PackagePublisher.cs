using System.Text.Json.Nodes;
using Inkling.Packaging;
using Inkling.Packaging.Card;
using Inkling.Serialization;

namespace Inkling.Hub;

/// <summary>How to publish.</summary>
/// <param name="Repository">Where to; made if it isn't there.</param>
public sealed record Publication(HubRepository Repository)
{
    /// <summary>The branch; made from main if it isn't there.</summary>
    public string Revision { get; init; } = HubReference.DefaultRevision;

    /// <summary>Whether a repository that has to be made is private.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Propose it as a pull request and leave the branch as it is.</summary>
    public bool AsPullRequest { get; init; }

    /// <summary>Only say what would be sent.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>What a publication sends, or would.</summary>
/// <param name="Repository">Where to.</param>
/// <param name="Sent">Files that are new or changed, with their sizes.</param>
/// <param name="Removed">Files that were there and no longer are.</param>
/// <param name="Commit">The state that holds them; null after a dry run.</param>
/// <param name="PullRequest">Its page, if one was asked for.</param>
public sealed record PublicationResult(
    HubRepository Repository, IReadOnlyList<(string Path, long Size)> Sent, IReadOnlyList<string> Removed, string? Commit, Uri? PullRequest);

/// <summary>
/// Puts a folder onto the Hub in one commit: everything is checked before the first byte is sent, only what changed is sent,
/// and nothing shows before all of it is there.
/// </summary>
/// <param name="settings">Where to and who.</param>
public sealed class PackagePublisher(HubSettings settings)
{
    private const int SampleBytes = 512;

    /// <summary>Publishes a package. A card that nobody has edited is sent under the repository's name.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="publication">Where to and how.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; the repository stays as it was.</param>
    /// <exception cref="ModelFormatException">The package must not be published as it is; nothing was sent.</exception>
    /// <exception cref="HubException">The Hub refuses or can't be reached; the repository is as it was.</exception>
    public async Task<PublicationResult> PublishAsync(
        string folder, Publication publication, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        PublicationFaults.Check(folder, settings.Token);
        DirectoryInfo named = Directory.CreateTempSubdirectory("inkling-card-");
        try
        {
            return await PublishAsync(Named(folder, publication.Repository, named.FullName), publication, progress, cancellation).ConfigureAwait(false);
        }
        finally
        {
            named.Delete(recursive: true);
        }
    }

    /// <summary>The package's files; after the check there is nothing else in it.</summary>
    private static PublishedFolder Named(string folder, HubRepository repository, string target)
    {
        string card = Path.Combine(target, PackageFiles.Card);
        bool isGenerated = ModelCard.IsGenerated(folder);
        if (isGenerated)
        {
            AtomicFile.Write(card, ModelCard.Create(folder, repository.Id));
        }

        return new PublishedFolder(
            [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => (Path: Path.GetRelativePath(folder, file).Replace('\\', '/'), Source: file))
                .Select(file => isGenerated && file.Path == PackageFiles.Card ? file with { Source = card } : file)
                .OrderBy(file => file.Path, StringComparer.Ordinal)],
            PackageFiles.All,
            PackageFiles.Lock);
    }

    /// <summary>Publishes a static Space of the same name, where people draw and the package's model reads.</summary>
    /// <inheritdoc cref="PublishAsync(string, Publication, IProgress{HubProgress}, CancellationToken)"/>
    /// <exception cref="ModelFormatException">The model doesn't read drawings of digits, or has no ONNX file.</exception>
    public async Task<PublicationResult> PublishSpaceAsync(
        string folder, Publication publication, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        PublicationFaults.Check(folder, settings.Token);
        SpacePage.Check(folder);
        DirectoryInfo page = Directory.CreateTempSubdirectory("inkling-space-");
        try
        {
            HubRepository model = publication.Repository;
            PublishedFolder files = SpacePage.Write(folder, model, new Uri(settings.Endpoint, model.WebPath), page.FullName);
            var space = publication with { Repository = new HubRepository(HubRepositoryType.Space, model.Id) };
            return await PublishAsync(files, space, progress, cancellation).ConfigureAwait(false);
        }
        finally
        {
            page.Delete(recursive: true);
        }
    }

    private async Task<PublicationResult> PublishAsync(
        PublishedFolder folder, Publication publication, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        UploadFile[] files = [.. folder.Files.Select(file =>
            new UploadFile(file.Path, file.Source, new FileInfo(file.Source).Length, FileHashes.Of(file.Source)))];
        using var transport = new HubTransport(settings);
        var api = new HubApi(transport, settings);
        HubRepository repository = publication.Repository;
        await CheckTokenAsync(api, cancellation).ConfigureAwait(false);
        if (!publication.IsDryRun)
        {
            await api.CreateAsync(repository, publication.IsPrivate, cancellation).ConfigureAwait(false);
        }

        await api.ValidateCardAsync(
            repository, await File.ReadAllTextAsync(files.Single(file => file.Path == PackageFiles.Card).Source, cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);
        string? head = await HeadAsync(api, publication, cancellation).ConfigureAwait(false);
        IReadOnlyList<HubFile> there = head is null ? [] : await api.ListAsync(repository, head, cancellation).ConfigureAwait(false);
        EnsureReplaceable(repository, folder, there);

        UploadFile[] changed = [.. files.Where(file => !there.Any(known => known.Path == file.Path && known.Is(file.Hashes)))];
        string[] removed = [.. there.Select(known => known.Path).Where(path => folder.Known.Contains(path) && files.All(file => file.Path != path))];
        var result = new PublicationResult(repository, [.. changed.Select(file => (file.Path, file.Size))], removed, head, null);
        if (publication.IsDryRun || (changed.Length == 0 && removed.Length == 0))
        {
            return publication.IsDryRun ? result with { Commit = null } : result;
        }

        var upload = new Upload(transport, api, settings, publication, head!, changed, removed, progress);
        HubCommit commit = await upload.RunAsync(files, cancellation).ConfigureAwait(false);
        return result with { Commit = commit.Oid, PullRequest = commit.PullRequest is { } url ? new Uri(url) : null };
    }

    private async Task CheckTokenAsync(HubApi api, CancellationToken cancellation)
    {
        if (settings.Token is null)
        {
            throw new HubException("publish: no token. Make one with the right to write on the Hub's settings page, and set HF_TOKEN or run 'hf auth login'.");
        }

        HubAccount account = await api.WhoAmIAsync(cancellation).ConfigureAwait(false);
        if (account.Role == "read")
        {
            throw new HubException($"publish: the token of {account.Name} may only read. Make one with the right to write, and set HF_TOKEN.");
        }
    }

    /// <summary>The commit to build on; null in a dry run for what doesn't exist yet.</summary>
    private static async Task<string?> HeadAsync(HubApi api, Publication publication, CancellationToken cancellation)
    {
        try
        {
            return publication.IsDryRun
                ? await api.FindCommitAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false)
                : await api.CommitOfAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.ErrorCode == "RevisionNotFound" && publication.IsDryRun)
        {
            return await api.FindCommitAsync(publication.Repository, HubReference.DefaultRevision, cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.ErrorCode == "RevisionNotFound" && !publication.Revision.StartsWith("refs/", StringComparison.Ordinal))
        {
            await api.CreateBranchAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false);
            return await api.CommitOfAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A repository that holds something else is not ours to mix with.</summary>
    private static void EnsureReplaceable(HubRepository repository, PublishedFolder folder, IReadOnlyList<HubFile> there)
    {
        HubFile? foreign = there.All(file => file.Path != folder.Mark)
            ? there.FirstOrDefault(file => !folder.Known.Contains(file.Path) && file.Path is not (".gitattributes" or "README.md" or "LICENSE"))
            : null;
        if (foreign is not null)
        {
            throw new HubException(
                $"{repository}: expected an empty repository or one with {folder.Mark}, found {foreign.Path}. It holds something else: choose another name; nothing was sent.");
        }
    }

    /// <summary>The sending of one commit.</summary>
    private sealed class Upload(
        HubTransport transport, HubApi api, HubSettings settings, Publication publication, string head,
        UploadFile[] changed, string[] removed, IProgress<HubProgress>? progress)
    {
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

            JsonObject[] Lines() => [Header(), .. kept.Select(file => IsLarge(file) ? LargeLine(file) : RegularLine(file)), .. removed.Select(RemovedLine)];
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
                        return await api.CommitAsync(publication.Repository, publication.Revision, publication.AsPullRequest, lines(), cancellation)
                            .ConfigureAwait(false);
                    }
                    catch (HubException e) when (publication.AsPullRequest && e.IsTransient && (e.IsUnanswered || e.Status >= 500))
                    {
                        throw new HubException($"{e.Message} The pull request may have been opened: look at the repository's page before trying again.", e)
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
}

/// <summary>What goes into a repository.</summary>
/// <param name="Files">Path in the repository, and the file on this machine.</param>
/// <param name="Known">Every path that this kind of repository may have: those that are gone here go there too.</param>
/// <param name="Mark">The file by which the repository is known to be of this kind.</param>
internal sealed record PublishedFolder(IReadOnlyList<(string Path, string Source)> Files, IReadOnlyList<string> Known, string Mark);
