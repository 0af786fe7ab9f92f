using System.Globalization;
using System.Text.Json.Nodes;

namespace Inkling.StandInHub;

/// <summary>The way down: listings and contents.</summary>
internal sealed class FileEndpoints(HubEndpoints call)
{
    internal async Task Tree(string type, string id, string revision, string folder)
    {
        if (await call.Find(type, id) is not { } repository || await call.FindCommit(repository, revision) is not { } commit)
        {
            return;
        }

        string prefix = folder.Length == 0 ? "" : folder + "/";
        bool recursive = call.Query.GetValueOrDefault("recursive") == "true";
        JsonObject[] entries = [.. Entries(commit, prefix, recursive)];
        if (entries.Length == 0)
        {
            await call.Refuse(404, $"{folder} does not exist on \"{revision}\"", "EntryNotFound");
            return;
        }

        int start = int.Parse(call.Query.TryGetValue("cursor", out var cursor) ? cursor.ToString() : "0", CultureInfo.InvariantCulture);
        int end = Math.Min(start + call.Hub.PageSize, entries.Length);
        if (end < entries.Length)
        {
            string next = $"{call.Hub.Endpoint}/api/{type}s/{id}/tree/{Uri.EscapeDataString(revision)}/{folder}";
            call.Context.Response.Headers.Link = string.Create(
                CultureInfo.InvariantCulture, $"<{next}?recursive={(recursive ? "true" : "false")}&expand=false&cursor={end}>; rel=\"next\"");
        }

        await call.Answer(new JsonArray([.. entries[start..end]]));
    }

    internal async Task PathsInfo(string type, string id, string revision)
    {
        if (await call.Find(type, id) is { } repository
            && await call.FindCommit(repository, revision) is { } commit
            && await call.ReadJson() is { } body)
        {
            await call.Answer(new JsonArray([.. body["paths"]!.AsArray()
                .Select(path => (string)path!)
                .Where(commit.Files.ContainsKey)
                .Select(path => (JsonNode)Entry(path, commit.Files[path]))]));
        }
    }

    internal async Task Resolve(string type, string id, string revision, string path)
    {
        if (await FindFile(type, id, revision, path) is not var (repository, commit, file))
        {
            return;
        }

        FileHeaders(commit, file);
        if (file.IsLfs)
        {
            call.Context.Response.StatusCode = 302;
            call.Context.Response.Headers["X-Linked-Size"] = file.Content.Length.ToString(CultureInfo.InvariantCulture);
            call.Context.Response.Headers["X-Linked-ETag"] = $"\"{file.Sha256}\"";
            call.Context.Response.Headers["X-Xet-Hash"] = file.Sha256;
            call.Context.Response.Headers.Location = call.Hub.Sign(
                "object", new StorageLink(repository, file.Sha256, file.Content.Length, 0));
        }
        else
        {
            string escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
            call.Context.Response.StatusCode = 307;
            call.Context.Response.Headers.Location = $"/api/resolve-cache/{type}s/{id}/{commit.Oid}/{escaped}?etag=%22{file.Oid}%22";
        }

        // A redirect has a body of its own; its length is not the file's.
        await call.Answer(new JsonObject { ["redirect"] = true });
    }

    internal async Task ResolveCache(string type, string id, string revision, string path)
    {
        if (await FindFile(type, id, revision, path) is var (_, commit, file))
        {
            FileHeaders(commit, file);
            await ByteRanges.SendAsync(call.Context, file.Content, $"\"{file.Oid}\"");
        }
    }

    private async Task<(StoredRepository, StoredCommit, StoredFile)?> FindFile(string type, string id, string revision, string path)
    {
        if (await call.Find(type, id) is not { } repository || await call.FindCommit(repository, revision) is not { } commit)
        {
            return null;
        }

        if (commit.Files.TryGetValue(path, out StoredFile? file))
        {
            return (repository, commit, file);
        }

        call.Context.Response.Headers["X-Repo-Commit"] = commit.Oid;
        await call.Refuse(404, "Entry not found", "EntryNotFound");
        return null;
    }

    private void FileHeaders(StoredCommit commit, StoredFile file)
    {
        call.Context.Response.Headers["X-Repo-Commit"] = commit.Oid;
        call.Context.Response.Headers.ETag = $"\"{file.ETag}\"";
    }

    private static IEnumerable<JsonObject> Entries(StoredCommit commit, string prefix, bool recursive)
    {
        var folders = new HashSet<string>();
        foreach ((string path, StoredFile file) in commit.Files.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            string[] below = path[prefix.Length..].Split('/');
            for (int depth = 1; depth < below.Length && (recursive || depth == 1); depth++)
            {
                string folder = prefix + string.Join('/', below[..depth]);
                if (folders.Add(folder))
                {
                    yield return new JsonObject { ["type"] = "directory", ["oid"] = new string('0', 40), ["size"] = 0, ["path"] = folder };
                }
            }

            if (recursive || below.Length == 1)
            {
                yield return Entry(path, file);
            }
        }
    }

    private static JsonObject Entry(string path, StoredFile file)
    {
        var entry = new JsonObject { ["type"] = "file", ["oid"] = file.Oid, ["size"] = file.Content.Length, ["path"] = path };
        if (file.IsLfs)
        {
            entry["lfs"] = new JsonObject
            {
                ["oid"] = file.Sha256, ["size"] = file.Content.Length, ["pointerSize"] = file.Pointer.Length,
            };
        }

        return entry;
    }
}
