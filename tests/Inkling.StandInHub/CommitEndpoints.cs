using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Inkling.StandInHub;

/// <summary>The way up: preupload, large files, commit.</summary>
internal sealed class CommitEndpoints(HubEndpoints call)
{
    private const string LfsType = "application/vnd.git-lfs+json";
    private const int MaxFilesAtOnce = 256;
    private const long LargestRegularFile = 10 << 20;

    internal async Task Preupload(string type, string id, string revision)
    {
        if (await call.FindToWrite(type, id) is not { } repository
            || await call.FindCommit(repository, revision) is not { } head
            || await call.ReadJson() is not { } body)
        {
            return;
        }

        var answers = new JsonArray();
        JsonArray files = body["files"]!.AsArray();
        if (files.Count > MaxFilesAtOnce)
        {
            await call.Refuse(413, "Too many files in one call");
            return;
        }

        foreach (JsonNode? file in files)
        {
            string path = (string)file!["path"]!;
            byte[] sample = Convert.FromBase64String((string)file["sample"]!);
            long size = (long)file["size"]!;
            if (sample.Length != Math.Min(size, 512))
            {
                await call.Refuse(400, $"sample of {path}: expected the first 512 bytes");
                return;
            }

            answers.Add(new JsonObject
            {
                ["path"] = path,
                ["uploadMode"] = StoredRepository.IsLfsPath(path) || IsBinary(sample) || size > LargestRegularFile ? "lfs" : "regular",
                ["shouldIgnore"] = false,
                ["oid"] = head.Files.TryGetValue(path, out StoredFile? there) ? there.ETag : null,
            });
        }

        await call.Answer(new JsonObject { ["files"] = answers, ["commitOid"] = head.Oid });
    }

    internal async Task LfsBatch(string type, string id)
    {
        HttpRequest request = call.Context.Request;
        if (request.ContentType != LfsType || !request.Headers.Accept.ToString().Contains(LfsType, StringComparison.Ordinal))
        {
            await call.Refuse(406, "Accept and Content-Type must be application/vnd.git-lfs+json");
            return;
        }

        if (await call.FindToWrite(type, id) is not { } repository || await call.ReadJson() is not { } body)
        {
            return;
        }

        var objects = new JsonArray();
        bool multipart = false;
        foreach (JsonNode? item in body["objects"]!.AsArray())
        {
            (string oid, long size) = ((string)item!["oid"]!, (long)item["size"]!);
            var answer = new JsonObject { ["oid"] = oid, ["size"] = size, ["authenticated"] = true };
            if (!IsSha256(oid))
            {
                answer["error"] = new JsonObject { ["code"] = 422, ["message"] = "Invalid oid" };
            }
            else if (!repository.Objects.ContainsKey(oid))
            {
                multipart |= size > call.Hub.PartBytes;
                answer["actions"] = Actions(repository, oid, size);
            }

            objects.Add(answer);
        }

        await call.Answer(new JsonObject { ["transfer"] = multipart ? "multipart" : "basic", ["objects"] = objects });
    }

    internal async Task LfsVerify(string type, string id)
    {
        if (await call.FindToWrite(type, id) is { } repository && await call.ReadJson() is { } body)
        {
            await (repository.Objects.TryGetValue((string)body["oid"]!, out byte[]? bytes) && bytes.Length == (long)body["size"]!
                ? call.Answer(new JsonObject())
                : call.Refuse(404, "Object not found"));
        }
    }

    internal async Task CompleteMultipart()
    {
        if (call.Context.Request.Headers.Authorization.Count > 0
            || !call.Hub.Links.TryGetValue(call.Query["upload"].ToString(), out StorageLink? link)
            || await call.ReadJson() is not { } body)
        {
            await call.Refuse(403, "Request has expired");
            return;
        }

        using var whole = new MemoryStream();
        int number = 0;
        foreach (JsonNode? part in body["parts"]!.AsArray())
        {
            if ((int)part!["partNumber"]! != ++number
                || !call.Hub.Parts.TryGetValue((link.Oid, number), out byte[]? bytes)
                || (string)part["etag"]! != $"\"{StoredHash.Sha256(bytes)[..32]}\"")
            {
                await call.Refuse(400, $"InvalidPart: {number}");
                return;
            }

            whole.Write(bytes);
        }

        if (StoredHash.Sha256(whole.ToArray()) != link.Oid)
        {
            await call.Refuse(400, "The parts don't make the object");
            return;
        }

        link.Repository.Objects[link.Oid] = whole.ToArray();
        await call.Answer(new JsonObject { ["success"] = true });
    }

    internal async Task Commit(string type, string id, string revision)
    {
        if (call.Context.Request.ContentType?.StartsWith("application/x-ndjson", StringComparison.Ordinal) != true)
        {
            await call.Refuse(400, "Content-Type must be application/x-ndjson");
            return;
        }

        if (await call.FindToWrite(type, id) is not { } repository || await call.FindCommit(repository, revision) is not { } head)
        {
            return;
        }

        using var reader = new StreamReader(call.Context.Request.Body);
        JsonObject[] lines;
        try
        {
            lines = [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
                line => JsonNode.Parse(line)!.AsObject())];
        }
        catch (JsonException)
        {
            await call.Refuse(400, "Invalid JSON");
            return;
        }

        bool asPullRequest = call.Query.GetValueOrDefault("create_pr") == "1";
        JsonNode? header = lines is [var first, ..] && (string?)first["key"] == "header" ? first["value"] : null;
        string? parent = (string?)header?["parentCommit"];
        if (header is null || string.IsNullOrEmpty((string?)header["summary"]))
        {
            await call.Refuse(400, "The first line must be a header with a summary");
        }
        else if (!asPullRequest && !repository.Branches.ContainsKey(revision))
        {
            await call.Refuse(400, "Can only commit to a branch");
        }
        else if (!asPullRequest && parent is not null && !head.Oid.StartsWith(parent, StringComparison.Ordinal))
        {
            await call.Refuse(412, "The branch was updated since you opened this page. Please refresh and try again.");
        }
        else if (await Apply(repository, head, lines[1..]) is { } files)
        {
            string branch = asPullRequest ? repository.OpenPullRequest() : revision;
            StoredCommit commit = repository.Commit(branch, head.Oid, (string)header["summary"]!, files);
            await call.Answer(new JsonObject
            {
                ["success"] = true,
                ["commitOid"] = commit.Oid,
                ["commitUrl"] = $"{call.Hub.Endpoint}/{id}/commit/{commit.Oid}",
                ["hookOutput"] = "",
                ["pullRequestUrl"] = asPullRequest ? $"{call.Hub.Endpoint}/{id}/discussions/{branch.Split('/')[2]}" : null,
            });
        }
    }

    private async Task<ImmutableSortedDictionary<string, StoredFile>?> Apply(
        StoredRepository repository, StoredCommit head, JsonObject[] lines)
    {
        ImmutableSortedDictionary<string, StoredFile> files = head.Files;
        foreach (JsonObject line in lines)
        {
            JsonNode value = line["value"]!;
            string path = (string)value["path"]!;
            if (path.StartsWith('/') || path.Split('/').Any(part => part is "" or "." or ".." or ".git"))
            {
                await call.Refuse(400, $"Invalid path: {path}");
                return null;
            }

            string? fault = null;
            switch ((string?)line["key"])
            {
                case "file" when (string?)value["encoding"] == "base64":
                    byte[] content = Convert.FromBase64String((string)value["content"]!);
                    fault =
                        content.Length > 0 && (StoredRepository.IsLfsPath(path) || IsBinary(content) || content.Length > LargestRegularFile)
                        ? $"Your push was rejected because it contains binary files.\nOffending files:\n  - {path}" : null;
                    if (path == "README.md" && RepositoryEndpoints.CardFault(Encoding.UTF8.GetString(content)) is { } cardFault)
                    {
                        await new RepositoryEndpoints(call).RefuseCard(cardFault);
                        return null;
                    }

                    files = files.SetItem(path, new StoredFile(content, isLfs: false));
                    break;
                case "lfsFile" when (string?)value["algo"] == "sha256":
                    if (repository.Objects.TryGetValue((string)value["oid"]!, out byte[]? bytes) && bytes.Length == (long)value["size"]!)
                    {
                        files = files.SetItem(path, new StoredFile(bytes, isLfs: true));
                        break;
                    }

                    fault = "Your push was rejected because an LFS pointer pointed to a file that does not exist."
                        + $"\nOffending file:\n  - {path}";
                    break;
                case "deletedFile" when files.ContainsKey(path):
                    files = files.Remove(path);
                    break;
                case "deletedFile":
                    await call.Refuse(404, "A file with this name doesn't exist", "EntryNotFound");
                    return null;
                default:
                    fault = $"Unknown operation: {line.ToJsonString()[..Math.Min(100, line.ToJsonString().Length)]}";
                    break;
            }

            if (fault is not null)
            {
                await call.Refuse(400, fault);
                return null;
            }
        }

        return files;
    }

    private JsonObject Actions(StoredRepository repository, string oid, long size)
    {
        var actions = new JsonObject();
        if (size <= call.Hub.PartBytes)
        {
            actions["upload"] = new JsonObject { ["href"] = call.Hub.Sign("upload", new StorageLink(repository, oid, size, 0)) };
            string prefix = repository.Type == "model" ? "" : repository.Type + "s/";
            actions["verify"] = new JsonObject { ["href"] = $"{call.Hub.Endpoint}/{prefix}{repository.Id}.git/info/lfs/objects/verify" };
            return actions;
        }

        var header = new JsonObject { ["chunk_size"] = call.Hub.PartBytes.ToString(CultureInfo.InvariantCulture) };
        int parts = (int)((size + call.Hub.PartBytes - 1) / call.Hub.PartBytes);
        for (int part = 1; part <= parts; part++)
        {
            header[part.ToString("D5", CultureInfo.InvariantCulture)] = call.Hub.Sign("part", new StorageLink(repository, oid, size, part));
        }

        string signed = call.Hub.Sign("complete", new StorageLink(repository, oid, size, 0));
        actions["upload"] = new JsonObject
        {
            ["href"] = $"{call.Hub.Endpoint}/api/complete_multipart?upload={signed.Split('=')[1]}", ["header"] = header,
        };
        return actions;
    }

    private static bool IsBinary(byte[] bytes) => bytes.Contains((byte)0);

    private static bool IsSha256(string oid) => oid.Length == 64 && oid.All(char.IsAsciiHexDigitLower);
}
