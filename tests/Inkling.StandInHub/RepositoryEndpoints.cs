using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Inkling.StandInHub;

/// <summary>Accounts, repositories and branches.</summary>
internal sealed partial class RepositoryEndpoints(HubEndpoints call)
{
    internal Task WhoAmI() => call.Account is not { } account
        ? call.Refuse(401, "Invalid username or password.")
        : call.Answer(new JsonObject
        {
            ["type"] = "user",
            ["id"] = "0123456789abcdef01234567",
            ["name"] = account.Name,
            ["fullname"] = account.Name,
            ["isPro"] = false,
            ["canPay"] = false,
            ["orgs"] = new JsonArray(
                [.. account.Organizations.Select(name => (JsonNode)new JsonObject { ["type"] = "org", ["name"] = name })]),
            ["auth"] = new JsonObject
            {
                ["type"] = "access_token",
                ["accessToken"] = new JsonObject
                {
                    ["displayName"] = "test", ["role"] = account.Role, ["createdAt"] = "2026-01-01T00:00:00.000Z",
                },
            },
        });

    internal async Task Create()
    {
        if (await call.ReadJson() is not { } body)
        {
            return;
        }

        string type = (string?)body["type"] ?? "model";
        string id = $"{(string?)body["organization"] ?? call.Account?.Name}/{(string?)body["name"]}";
        string? sdk = (string?)body["sdk"];
        string? fault = !RepositoryId().IsMatch(id) || id.Contains("--", StringComparison.Ordinal) || id.Contains(
            "..", StringComparison.Ordinal)
            || id.EndsWith(".git", StringComparison.Ordinal) ? $"Invalid name: {id}"
            : type is not ("model" or "dataset" or "space") ? $"Invalid type: {type}"
            : type == "space" && sdk is not ("static" or "docker" or "gradio" or "streamlit") ? "\"sdk\" is required"
            : null;
        if (call.Account?.MayWrite(id) != true)
        {
            await (call.Account is null
                ? call.Refuse(401, "Invalid username or password.")
                : call.Refuse(403, $"You don't have the rights to create a {type} under the namespace \"{id.Split('/')[0]}\"."));
        }
        else if (fault is not null)
        {
            await call.Refuse(400, fault);
        }
        else if (type == "space" && sdk != "static")
        {
            await call.Refuse(402, "This Space needs a paid plan");
        }
        else if (call.Hub.Repositories.ContainsKey((type, id)))
        {
            call.Context.Response.StatusCode = 409;
            await call.Answer(new JsonObject { ["error"] = $"You already created this {type} repo: {id}", ["url"] = Url(type, id) });
        }
        else
        {
            bool isPrivate = (string?)body["visibility"] == "private" || (bool?)body["private"] == true;
            call.Hub.Repositories[(type, id)] = new StoredRepository(type, id, isPrivate, sdk);
            await call.Answer(new JsonObject { ["url"] = Url(type, id), ["name"] = id, ["id"] = "0123456789abcdef01234568" });
        }
    }

    internal async Task Delete()
    {
        if (await call.ReadJson() is { } body
            && await call.FindToWrite((string?)body["type"] ?? "model", $"{(string?)body["organization"]}/{(string?)body["name"]}") is { } repository)
        {
            call.Hub.Repositories.Remove((repository.Type, repository.Id));
            await call.Answer(new JsonObject());
        }
    }

    internal async Task Info(string type, string id, string revision)
    {
        if (await call.Find(type, id) is { } repository && await call.FindCommit(repository, revision) is { } commit)
        {
            await call.Answer(new JsonObject
            {
                ["_id"] = "0123456789abcdef01234569",
                ["id"] = id,
                ["sha"] = commit.Oid,
                ["private"] = repository.IsPrivate,
                ["gated"] = false,
                ["downloads"] = 0,
                ["likes"] = 0,
                ["lastModified"] = "2026-01-01T00:00:00.000Z",
                ["siblings"] = new JsonArray([.. commit.Files.Keys.Select(path => (JsonNode)new JsonObject { ["rfilename"] = path })]),
            });
        }
    }

    internal async Task CreateBranch(string type, string id, string branch)
    {
        if (await call.FindToWrite(type, id) is not { } repository)
        {
            return;
        }

        await (repository.Branches.TryAdd(branch, repository.Head.Oid)
            ? call.Answer(new JsonObject())
            : call.Refuse(409, $"Reference already exists: {branch}"));
    }

    internal async Task ValidateYaml()
    {
        if (await call.ReadJson() is { } body)
        {
            await (CardFault((string?)body["content"] ?? "") is { } fault
                ? RefuseCard(fault)
                : call.Answer(new JsonObject { ["errors"] = new JsonArray(), ["warnings"] = new JsonArray() }));
        }
    }

    internal Task RefuseCard(string fault)
    {
        call.Context.Response.StatusCode = 400;
        return call.Answer(new JsonObject
        {
            ["error"] = "Invalid metadata in README.md.",
            ["errors"] = new JsonArray(new JsonObject { ["message"] = fault }),
            ["warnings"] = new JsonArray(),
        });
    }

    /// <summary>What the Hub would have against a card; it knows little of YAML.</summary>
    internal static string? CardFault(string card)
    {
        if (!card.StartsWith("---\n", StringComparison.Ordinal))
        {
            return null;
        }

        int end = card.IndexOf("\n---", 3, StringComparison.Ordinal);
        string[] lines = end < 0 ? [] : card[4..Math.Max(end, 4)].Split('\n');
        return end < 0 ? "front matter is not closed"
            : lines.FirstOrDefault(line => line.Contains('\t', StringComparison.Ordinal)) is { } tabbed ? $"bad indentation: {tabbed.Trim()}"
            : lines.Any(line => Widget().IsMatch(line)) ? "\"widget\" must be an array"
            : null;
    }

    private string Url(string type, string id) => $"{call.Hub.Endpoint}/{(type == "model" ? "" : type + "s/")}{id}";

    [GeneratedRegex(@"^[\w][\w.-]*/[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?\z")]
    private static partial Regex RepositoryId();

    [GeneratedRegex(@"^widget: *\w")]
    private static partial Regex Widget();
}
