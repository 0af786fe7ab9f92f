using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inkling.Hub;

/// <summary>Whom a token belongs to.</summary>
/// <param name="Name">The user.</param>
/// <param name="Role"><c>read</c>, <c>write</c>, <c>fineGrained</c>; null if the Hub doesn't say.</param>
internal sealed record HubAccount(string Name, string? Role);

/// <summary>A file of a listing.</summary>
/// <param name="Path">With slashes, relative to the repository.</param>
/// <param name="Size">Bytes.</param>
/// <param name="GitBlob">git's hash; of the pointer if the file is large.</param>
/// <param name="Sha256">Of a large file's bytes; null for others.</param>
public sealed record HubFile(string Path, long Size, string GitBlob, string? Sha256)
{
    /// <summary>What names the content in the cache.</summary>
    internal string ETag => Sha256 ?? GitBlob;

    /// <summary>Whether it has the bytes that were hashed.</summary>
    internal bool Is(FileHashes hashes) => Sha256 is null ? GitBlob == hashes.GitBlob : Sha256 == hashes.Sha256;
}

/// <summary>What the Hub wants to have done with a file.</summary>
/// <param name="IsLarge">Sent to large file storage beforehand; otherwise within the commit.</param>
/// <param name="IsIgnored">Left out.</param>
internal sealed record UploadMode(bool IsLarge, bool IsIgnored);

/// <summary>The Hub's API, one method a question.</summary>
internal sealed class HubApi(HubTransport transport, HubSettings settings)
{
    private const int MaxListedFiles = 100_000;

    internal Task<HubAccount> WhoAmIAsync(CancellationToken cancellation) => AskAsync(
        "token", HttpMethod.Get, "/api/whoami-v2", null,
        json => new HubAccount(
            HubAnswer.Text(json, "name"),
            json.TryGetProperty("auth", out JsonElement auth)
                && auth.TryGetProperty("accessToken", out JsonElement token)
                && token.TryGetProperty("role", out JsonElement role) ? role.GetString() : null),
        cancellation);

    /// <summary>Makes a repository unless it exists.</summary>
    /// <returns>Whether it is new.</returns>
    internal async Task<bool> CreateAsync(HubRepository repository, bool isPrivate, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["name"] = repository.Name,
            ["organization"] = repository.Owner,
            ["type"] = repository.TypeName,
            ["visibility"] = isPrivate ? "private" : "public",
        };
        if (repository.Type == HubRepositoryType.Space)
        {
            body["sdk"] = "static";
        }

        try
        {
            return await AskAsync($"create {repository}", HttpMethod.Post, "/api/repos/create", body, _ => true, cancellation)
                .ConfigureAwait(false);
        }
        catch (HubException e) when (e.Status is 401 or 402 or 403 or 409)
        {
            // A token may lack the right to create although the repository exists.
            if (await FindCommitAsync(repository, HubReference.DefaultRevision, cancellation).ConfigureAwait(false) is null)
            {
                throw;
            }

            return false;
        }
    }

    /// <summary>The commit that a revision is now; null if the Hub shows no such repository.</summary>
    internal async Task<string?> FindCommitAsync(HubRepository repository, string revision, CancellationToken cancellation)
    {
        try
        {
            return await CommitOfAsync(repository, revision, cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.Status is 401 or 404 && e.ErrorCode != "RevisionNotFound")
        {
            return null;
        }
    }

    /// <summary>The commit that a revision is now.</summary>
    internal Task<string> CommitOfAsync(HubRepository repository, string revision, CancellationToken cancellation) => AskAsync(
        $"{repository}@{revision}", HttpMethod.Get, $"{repository.ApiPath}/revision/{Uri.EscapeDataString(revision)}", null,
        json => json.GetProperty("sha").GetString() is { Length: 40 } sha && sha.All(char.IsAsciiHexDigitLower)
            ? sha
            : throw new FormatException(),
        cancellation);

    /// <summary>Makes a branch from the head of main.</summary>
    internal Task<bool> CreateBranchAsync(HubRepository repository, string branch, CancellationToken cancellation) => AskAsync(
        $"branch {branch} of {repository}", HttpMethod.Post, $"{repository.ApiPath}/branch/{Uri.EscapeDataString(branch)}", [], _ => true, cancellation);

    /// <summary>Lets the Hub judge a model card before anything is sent.</summary>
    internal Task<bool> ValidateCardAsync(HubRepository repository, string card, CancellationToken cancellation) => AskAsync(
        "README.md", HttpMethod.Post, "/api/validate-yaml",
        new JsonObject { ["content"] = card, ["repoType"] = repository.TypeName }, _ => true, cancellation);

    /// <summary>All files of a commit.</summary>
    internal async Task<IReadOnlyList<HubFile>> ListAsync(HubRepository repository, string commit, CancellationToken cancellation)
    {
        var files = new List<HubFile>();
        Uri? page = At($"{repository.ApiPath}/tree/{Uri.EscapeDataString(commit)}?recursive=true&expand=false");
        var seen = new HashSet<Uri>();
        while (page is not null)
        {
            // A page that leads back to an earlier one would never end.
            string operation = $"listing of {repository}";
            if (!seen.Add(page) || files.Count > MaxListedFiles || page.Authority != settings.Endpoint.Authority)
            {
                throw new HubException(
                    $"{operation}: it doesn't end, has more than {MaxListedFiles} files or leads elsewhere. Check the repository's page.");
            }

            (JsonElement json, page) = await transport.SendAsync(
                new HubRequest(operation, HttpMethod.Get, page),
                async (response, guard) => (
                    await HubAnswer.ReadJsonAsync(operation, response, guard.Token).ConfigureAwait(false),
                    NextPage(HubAnswer.Header(response, "Link"))),
                cancellation).ConfigureAwait(false);
            files.AddRange(Read(operation, json, list => list.EnumerateArray().Where(IsFile).Select(ToFile).ToArray()));
        }

        return files;
    }

    /// <summary>Asks how each file wants to be sent.</summary>
    internal async Task<IReadOnlyDictionary<string, UploadMode>> PreuploadAsync(
        HubRepository repository, string revision, bool asPullRequest, IEnumerable<(string Path, long Size, byte[] Sample)> files,
        CancellationToken cancellation)
    {
        var modes = new Dictionary<string, UploadMode>();
        foreach ((string Path, long Size, byte[] Sample)[] some in files.Chunk(100))
        {
            var body = new JsonObject
            {
                ["files"] = new JsonArray([.. some.Select(file => (JsonNode)new JsonObject
                {
                    ["path"] = file.Path, ["size"] = file.Size, ["sample"] = Convert.ToBase64String(file.Sample),
                })]),
            };
            KeyValuePair<string, UploadMode>[] answers = await AskAsync(
                $"upload to {repository}", HttpMethod.Post,
                $"{repository.ApiPath}/preupload/{Uri.EscapeDataString(revision)}{(asPullRequest ? "?create_pr=1" : "")}", body,
                json => json.GetProperty("files").EnumerateArray().Select(ToMode).ToArray(), cancellation).ConfigureAwait(false);
            foreach ((string path, UploadMode mode) in answers)
            {
                modes[path] = mode;
            }
        }

        return modes;
    }

    /// <summary>Sends a commit, once: whoever calls it knows how to find out about a lost answer.</summary>
    internal Task<HubCommit> CommitAsync(
        HubRepository repository, string revision, bool asPullRequest, IEnumerable<JsonObject> lines, CancellationToken cancellation)
    {
        byte[] body = Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(line => line.ToJsonString())));
        string operation = $"commit to {repository}";
        var request = new HubRequest(
            operation, HttpMethod.Post,
            At($"{repository.ApiPath}/commit/{Uri.EscapeDataString(revision)}{(asPullRequest ? "?create_pr=1" : "")}"))
        {
            Content = _ => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
            IsRepeatable = false,
            Patience = settings.CommitTimeout,
        };
        return transport.SendAsync(
            request,
            async (response, guard) => Read(
                operation, await HubAnswer.ReadJsonAsync(operation, response, guard.Token).ConfigureAwait(false),
                json => new HubCommit(
                    HubAnswer.Text(json, "commitOid"),
                    json.TryGetProperty("pullRequestUrl", out JsonElement url) ? url.GetString() : null)),
            cancellation);
    }

    internal Uri At(string pathAndQuery) => new(settings.Endpoint.AbsoluteUri.TrimEnd('/') + pathAndQuery);

    /// <summary>Takes from JSON what was agreed, or says that it isn't there.</summary>
    internal static T Read<T>(string operation, JsonElement json, Func<JsonElement, T> read)
    {
        try
        {
            return read(json);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw HubAnswer.Malformed(operation, requestId: null, e);
        }
    }

    private async Task<T> AskAsync<T>(
        string operation, HttpMethod method, string path, JsonObject? body, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        byte[]? bytes = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString());
        var request = new HubRequest(operation, method, At(path))
        {
            Content = bytes is null
                ? null
                : _ => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Accept = "application/json",
        };
        return await transport.SendAsync(
            request,
            async (response, guard) => Read(
                operation, await HubAnswer.ReadJsonAsync(operation, response, guard.Token).ConfigureAwait(false), read),
            cancellation).ConfigureAwait(false);
    }

    private static bool IsFile(JsonElement entry) => entry.GetProperty("type").GetString() == "file";

    private static HubFile ToFile(JsonElement entry)
    {
        bool isLarge = entry.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object;
        long size = (isLarge ? lfs : entry).GetProperty("size").GetInt64();
        return new HubFile(
            HubAnswer.Text(entry, "path"),
            size >= 0 ? size : throw new FormatException(),
            Hash(entry.GetProperty("oid"), 40),
            isLarge ? Hash(lfs.GetProperty("oid"), 64) : null);
    }

    // A hash becomes the name of a file in the cache.
    private static string Hash(JsonElement value, int length) =>
        value.GetString() is { } hash && hash.Length == length && hash.All(char.IsAsciiHexDigitLower) ? hash : throw new FormatException();

    private static KeyValuePair<string, UploadMode> ToMode(JsonElement file) => new(
        HubAnswer.Text(file, "path"),
        new UploadMode(
            file.GetProperty("uploadMode").GetString() == "lfs",
            file.TryGetProperty("shouldIgnore", out JsonElement ignore) && ignore.ValueKind == JsonValueKind.True));

    private static Uri? NextPage(string? links)
    {
        string? next = links?.Split(',').FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal));
        return next is not null && next.IndexOf('<', StringComparison.Ordinal) is >= 0 and var from
            && next.IndexOf('>', StringComparison.Ordinal) is var to && to > from
            && Uri.TryCreate(next[(from + 1)..to], UriKind.Absolute, out Uri? page) ? page : null;
    }
}

/// <summary>A commit that the Hub has taken.</summary>
/// <param name="Oid">Its hash.</param>
/// <param name="PullRequest">The page of the pull request, if one was asked for.</param>
internal sealed record HubCommit(string Oid, string? PullRequest);
