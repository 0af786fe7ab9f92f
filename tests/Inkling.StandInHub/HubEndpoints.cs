using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Inkling.StandInHub;

/// <summary>One request to the Hub itself: who asks, for which repository, and to which part of the protocol it goes.</summary>
internal sealed class HubEndpoints(HubServer hub, HttpContext context)
{
    private static readonly string[] Types = ["models", "datasets", "spaces"];

    internal HttpContext Context => context;

    internal HubServer Hub => hub;

    internal Account? Account { get; private set; }

    internal Dictionary<string, StringValues> Query { get; private set; } = [];

    internal async Task HandleAsync(string target)
    {
        Query = QueryHelpers.ParseQuery(new Uri("http://h" + target).Query);

        // Segments are decoded once, so that an encoded slash stays inside its segment, and one encoded twice is wrong.
        string[] path = [.. target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        string authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            Account = hub.Accounts.GetValueOrDefault(authorization.Replace("Bearer ", "", StringComparison.Ordinal));
            if (Account is null)
            {
                await Refuse(401, "Invalid credentials in Authorization header");
                return;
            }
        }

        var repositories = new RepositoryEndpoints(this);
        var commits = new CommitEndpoints(this);
        var files = new FileEndpoints(this);
        string method = context.Request.Method;
        await ((method, path) switch
        {
            ("GET", ["api", "whoami-v2"]) => repositories.WhoAmI(),
            ("POST", ["api", "repos", "create"]) => repositories.Create(),
            ("DELETE", ["api", "repos", "delete"]) => repositories.Delete(),
            ("POST", ["api", "validate-yaml"]) => repositories.ValidateYaml(),
            ("POST", ["api", "complete_multipart"]) => commits.CompleteMultipart(),
            (_, ["api", "resolve-cache", var types, var owner, var name, var commit, .. var rest]) when Types.Contains(types) =>
                files.ResolveCache(types[..^1], $"{owner}/{name}", commit, string.Join('/', rest)),
            (_, ["api", var types, var owner, var name, .. var rest]) when Types.Contains(types) =>
                Api(method, types[..^1], $"{owner}/{name}", rest, repositories, commits, files),
            ("POST", [.. var prefix, var owner, var git, "info", "lfs", "objects", "batch"]) when git.EndsWith(
                ".git", StringComparison.Ordinal) =>
                commits.LfsBatch(TypeOf(prefix), $"{owner}/{git[..^4]}"),
            ("POST", [.. var prefix, var owner, var git, "info", "lfs", "objects", "verify"]) when git.EndsWith(
                ".git", StringComparison.Ordinal) =>
                commits.LfsVerify(TypeOf(prefix), $"{owner}/{git[..^4]}"),
            ("GET" or "HEAD", [var types, var owner, var name, "resolve", var revision, .. var rest]) when types is "datasets" or "spaces" =>
                files.Resolve(types[..^1], $"{owner}/{name}", revision, string.Join('/', rest)),
            ("GET" or "HEAD", [var owner, var name, "resolve", var revision, .. var rest]) =>
                files.Resolve("model", $"{owner}/{name}", revision, string.Join('/', rest)),
            _ => Refuse(404, "Sorry, we can't find the page you are looking for."),
        });
    }

    /// <summary>The repository, if who asks may see it; otherwise the refusal has been sent.</summary>
    internal async Task<StoredRepository?> Find(string type, string id)
    {
        StoredRepository? repository = hub.Repositories.GetValueOrDefault((type, id));
        if (repository is not null && (!repository.IsPrivate || Account?.Owns(id) == true))
        {
            return repository;
        }

        await (Account is null
            ? Refuse(401, "Invalid username or password.", "RepoNotFound")
            : Refuse(404, "Repository not found", "RepoNotFound"));
        return null;
    }

    /// <summary>The repository, if who asks may write to it.</summary>
    internal async Task<StoredRepository?> FindToWrite(string type, string id)
    {
        if (await Find(type, id) is not { } repository)
        {
            return null;
        }

        if (Account?.MayWrite(id) == true)
        {
            return repository;
        }

        await (Account is null
            ? Refuse(401, "Invalid username or password.")
            : Refuse(403, "Forbidden: you must use a write token to upload to a repository."));
        return null;
    }

    internal async Task<StoredCommit?> FindCommit(StoredRepository repository, string revision)
    {
        StoredCommit? commit = repository.Find(revision);
        if (commit is null)
        {
            await Refuse(404, $"Invalid rev id: {revision}", "RevisionNotFound");
        }

        return commit;
    }

    internal async Task<JsonObject?> ReadJson()
    {
        try
        {
            if (await JsonNode.ParseAsync(context.Request.Body) is JsonObject json)
            {
                return json;
            }
        }
        catch (JsonException)
        {
            // Refused below.
        }

        await Refuse(400, "Invalid JSON");
        return null;
    }

    internal Task Refuse(int status, string error, string? code = null) => HubServer.Refuse(context, status, error, code);

    internal Task Answer(JsonNode json) => HubServer.Answer(context, json);

    private static string TypeOf(string[] prefix) => prefix is [] ? "model" : prefix[0][..^1];

    private Task Api(
        string method, string type, string id, string[] rest, RepositoryEndpoints repositories, CommitEndpoints commits,
        FileEndpoints files) =>
        (method, rest) switch
        {
            ("GET", []) => repositories.Info(type, id, "main"),
            ("GET", ["revision", var revision]) => repositories.Info(type, id, revision),
            ("POST", ["branch", var branch]) => repositories.CreateBranch(type, id, branch),
            ("POST", ["preupload", var revision]) => commits.Preupload(type, id, revision),
            ("POST", ["commit", var revision]) => commits.Commit(type, id, revision),
            ("GET", ["tree", var revision, .. var path]) => files.Tree(type, id, revision, string.Join('/', path)),
            ("POST", ["paths-info", var revision]) => files.PathsInfo(type, id, revision),
            _ => Refuse(404, "Sorry, we can't find the page you are looking for."),
        };
}
