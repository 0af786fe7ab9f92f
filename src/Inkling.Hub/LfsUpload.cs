using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inkling.Hub;

/// <summary>A file on its way up.</summary>
/// <param name="Path">In the repository.</param>
/// <param name="Source">On this machine.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hashes">Of the content.</param>
internal sealed record UploadFile(string Path, string Source, long Size, FileHashes Hashes);

/// <summary>Sends large files to storage: in one request, or in parts where the Hub asks for it.</summary>
/// <remarks>
/// Storing is by hash, so that what has arrived is never sent again: a broken upload resumes with the first file that is missing,
/// within a file with the first missing part. Nothing shows before the commit. The Hub's newer transfer (Xet) isn't offered;
/// it moves such files by itself.
/// </remarks>
internal sealed class LfsUpload(HubTransport transport, HubApi api, HubSettings settings)
{
    private const string MediaType = "application/vnd.git-lfs+json";
    private const int MaxParts = 100_000;

    /// <summary>Renews signed links, which live some minutes.</summary>
    private const int MaxRenewals = 5;

    /// <summary>Sends whatever of some files the repository doesn't have.</summary>
    /// <param name="repository">Where to.</param>
    /// <param name="revision">The branch; null for a pull request.</param>
    /// <param name="files">What; files of one content are sent once.</param>
    /// <param name="sent">Told the bytes that are up, file by file.</param>
    /// <param name="cancellation">Ends it; what has arrived stays.</param>
    internal async Task SendAsync(
        HubRepository repository, string? revision, IEnumerable<UploadFile> files, Action<UploadFile, long> sent,
        CancellationToken cancellation)
    {
        foreach (UploadFile[] some in files.DistinctBy(file => file.Hashes.Sha256).Chunk(100))
        {
            IReadOnlyDictionary<string, LfsActions> actions = await AskAsync(repository, revision, some, cancellation).ConfigureAwait(
                false);
            foreach (UploadFile file in some)
            {
                await SendAsync(repository, revision, file, actions, sent, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync(
        HubRepository repository, string? revision, UploadFile file, IReadOnlyDictionary<string, LfsActions> actions,
        Action<UploadFile, long> sent, CancellationToken cancellation)
    {
        var parts = new string?[1];
        for (int renewals = 0; ; renewals++)
        {
            try
            {
                LfsActions action = actions.GetValueOrDefault(file.Hashes.Sha256) ?? throw HubAnswer.Malformed(
                    $"upload of {file.Path}", null);
                if (action.Upload is not null)
                {
                    await (action.PartBytes == 0
                        ? SendWholeAsync(file, action.Upload, sent, cancellation)
                        : SendPartsAsync(file, action, parts = Fit(parts, action.Parts.Count), sent, cancellation)).ConfigureAwait(false);
                    await VerifyAsync(file, action.Verify, cancellation).ConfigureAwait(false);
                }

                sent(file, file.Size);
                return;
            }
            catch (HubException e) when (e.Status == 403 && renewals < MaxRenewals)
            {
                actions = await AskAsync(repository, revision, [file], cancellation).ConfigureAwait(false);
            }
        }
    }

    private Task<bool> SendWholeAsync(UploadFile file, Uri link, Action<UploadFile, long> sent, CancellationToken cancellation)
    {
        var request = new HubRequest($"upload of {file.Path}", HttpMethod.Put, link)
        {
            Content = guard => new FileSlice(file.Source, 0, file.Size, guard, bytes => sent(file, bytes)),
            WithToken = false,
            Patience = settings.CommitTimeout,
        };
        return transport.SendAsync(request, (_, _) => Task.FromResult(true), cancellation);
    }

    private async Task SendPartsAsync(
        UploadFile file, LfsActions action, string?[] etags, Action<UploadFile, long> sent, CancellationToken cancellation)
    {
        for (int part = 0; part < etags.Length; part++)
        {
            long start = part * action.PartBytes;
            long length = Math.Min(action.PartBytes, file.Size - start);
            var request = new HubRequest($"upload of {file.Path}, part {part + 1} of {etags.Length}", HttpMethod.Put, action.Parts[part])
            {
                Content = guard => new FileSlice(file.Source, start, length, guard, bytes => sent(file, start + bytes)),
                WithToken = false,
                Patience = settings.CommitTimeout,
            };
            etags[part] ??= await transport.SendAsync(
                request,
                (response, _) => Task.FromResult(
                    HubAnswer.Header(response, "ETag") ?? throw HubAnswer.Malformed(request.Operation, HubAnswer.RequestId(response))),
                cancellation).ConfigureAwait(false);
        }

        var body = new JsonObject
        {
            ["oid"] = file.Hashes.Sha256,
            ["parts"] = new JsonArray(
                [.. etags.Select((etag, part) => (JsonNode)new JsonObject { ["partNumber"] = part + 1, ["etag"] = etag })]),
        };
        await PostAsync($"upload of {file.Path}", action.Upload!, body, withToken: false, (_, _) => Task.FromResult(true), cancellation)
            .ConfigureAwait(false);
    }

    private async Task VerifyAsync(UploadFile file, Uri? link, CancellationToken cancellation)
    {
        if (link is not null)
        {
            var body = new JsonObject { ["oid"] = file.Hashes.Sha256, ["size"] = file.Size };
            await PostAsync($"check of {file.Path}", link, body, withToken: true, (_, _) => Task.FromResult(true), cancellation)
                .ConfigureAwait(false);
        }
    }

    private Task<IReadOnlyDictionary<string, LfsActions>> AskAsync(
        HubRepository repository, string? revision, UploadFile[] files, CancellationToken cancellation)
    {
        string operation = $"upload to {repository}";
        var body = new JsonObject
        {
            ["operation"] = "upload",
            ["transfers"] = new JsonArray("basic", "multipart"),
            ["hash_algo"] = "sha256",
            ["objects"] = new JsonArray(
                [.. files.Select(file => (JsonNode)new JsonObject { ["oid"] = file.Hashes.Sha256, ["size"] = file.Size })]),
        };
        if (revision is not null)
        {
            body["ref"] = new JsonObject { ["name"] = revision };
        }

        return PostAsync(
            operation, api.At($"{repository.WebPath}.git/info/lfs/objects/batch"), body, withToken: true,
            async (response, guard) =>
            {
                JsonElement json = await HubAnswer.ReadJsonAsync(operation, response, guard.Token).ConfigureAwait(false);
                string? requestId = HubAnswer.RequestId(response);
                return HubApi.Read<IReadOnlyDictionary<string, LfsActions>>(
                    operation, json,
                    answer => answer.GetProperty("objects").EnumerateArray()
                        .Select(item => LfsActions.Of(item, files, requestId))
                        .ToDictionary(item => item.Oid));
            },
            cancellation);
    }

    private Task<T> PostAsync<T>(
        string operation, Uri link, JsonObject json, bool withToken, Func<HttpResponseMessage, StallGuard, Task<T>> read,
        CancellationToken cancellation)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json.ToJsonString());
        var request = new HubRequest(operation, HttpMethod.Post, link)
        {
            Content = _ => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(MediaType) } },
            Accept = MediaType,
            WithToken = withToken,
            Patience = settings.CommitTimeout,
        };
        return transport.SendAsync(request, read, cancellation);
    }

    /// <summary>What has been sent, if the Hub still wants parts of the same number.</summary>
    private static string?[] Fit(string?[] parts, int count) => parts.Length == count ? parts : new string?[count];

    /// <summary>What is to be done with one object.</summary>
    /// <param name="Oid">SHA-256.</param>
    /// <param name="Upload">Where to; the last step of an upload in parts; null if it is there already.</param>
    /// <param name="PartBytes">Size of a part; 0 for a whole.</param>
    /// <param name="Parts">Where the parts go.</param>
    /// <param name="Verify">Where to ask whether it has arrived; null if nobody asks.</param>
    private sealed record LfsActions(string Oid, Uri? Upload, long PartBytes, IReadOnlyList<Uri> Parts, Uri? Verify)
    {
        internal static LfsActions Of(JsonElement item, UploadFile[] files, string? requestId)
        {
            string oid = HubAnswer.Text(item, "oid");
            UploadFile file = files.FirstOrDefault(file => file.Hashes.Sha256 == oid) ?? throw new FormatException();
            if (item.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
            {
                throw new HubException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"upload of {file.Path}: the Hub refuses it: {error.GetProperty("message").GetString()} (request {requestId}). Mend what it names and try again."))
                {
                    Status = error.GetProperty("code").GetInt32(), RequestId = requestId,
                };
            }

            if (!item.TryGetProperty("actions", out JsonElement actions) || !actions.TryGetProperty("upload", out JsonElement upload))
            {
                return new LfsActions(oid, null, 0, [], null);
            }

            Uri? verify = actions.TryGetProperty("verify", out JsonElement check) ? Link(check.GetProperty("href")) : null;
            if (!upload.TryGetProperty("header", out JsonElement header) || !header.TryGetProperty("chunk_size", out JsonElement chunk))
            {
                return new LfsActions(oid, Link(upload.GetProperty("href")), 0, [], verify);
            }

            long partBytes = long.Parse(chunk.ToString(), CultureInfo.InvariantCulture);
            Uri[] parts = [.. header.EnumerateObject()
                .Where(entry => entry.Name.All(char.IsAsciiDigit))
                .OrderBy(entry => int.Parse(entry.Name, CultureInfo.InvariantCulture))
                .Select(entry => Link(entry.Value))];
            bool isSound = partBytes > 0 && parts.Length <= MaxParts && parts.Length == (file.Size + partBytes - 1) / partBytes;
            return isSound ? new LfsActions(oid, Link(upload.GetProperty("href")), partBytes, parts, verify) : throw new FormatException();
        }

        private static Uri Link(JsonElement href) =>
            Uri.TryCreate(href.GetString(), UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http"
                ? uri
                : throw new FormatException();
    }
}
