using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Inkling.StandInHub;

/// <summary>
/// The Hugging Face Hub as its clients see it, on two ports of this machine: the Hub itself, and the storage host that keeps
/// large files and takes no tokens.
/// </summary>
/// <remarks>
/// Everything is in memory. Where the real Hub refuses, this one does: that the official client works against it shows that
/// it isn't stricter than the real one, the tests of refusals that it isn't laxer. Left out: Xet (never offered, as old
/// clients never ask for it), gated repositories, Spaces that run.
/// </remarks>
public sealed class HubServer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Method, string PathPart, Fault Fault, int Skip, int Times)> _faults = [];
    private readonly List<SeenRequest> _seen = [];
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private int _requestNumber;

    private HubServer(WebApplication app) => _app = app;

    /// <summary>Of the Hub, e.g. <c>http://127.0.0.1:40001</c>.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>Of the storage host.</summary>
    public string StorageEndpoint { get; private set; } = "";

    /// <summary>Objects above this are asked for in parts of this size.</summary>
    public int PartBytes { get; init; } = 5 << 20;

    /// <summary>Entries a page of a listing.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Whose token may do what. Roles: <c>read</c>, <c>write</c>.</summary>
    public Dictionary<string, Account> Accounts { get; } = new()
    {
        ["hf_writeTokenOfAlice"] = new Account("alice", "write", ["digits"]),
        ["hf_readTokenOfAlice"] = new Account("alice", "read", ["digits"]),
        ["hf_writeTokenOfBob"] = new Account("bob", "write", []),
    };

    /// <summary>Repositories by type and id, e.g. <c>("model", "alice/digits")</c>.</summary>
    public Dictionary<(string Type, string Id), StoredRepository> Repositories { get; } = [];

    /// <summary>Signed links that are still good.</summary>
    internal Dictionary<string, StorageLink> Links { get; } = [];

    /// <summary>Parts that have arrived of objects that aren't whole yet.</summary>
    internal Dictionary<(string Oid, int Part), byte[]> Parts { get; } = [];

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Starts both hosts.</summary>
    public static async Task<HubServer> StartAsync(int? partBytes = null, int? pageSize = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenLocalhostOnAnyPort();
            kestrel.ListenLocalhostOnAnyPort();
        });
        WebApplication app = builder.Build();
        var server = new HubServer(app) { PartBytes = partBytes ?? 5 << 20, PageSize = pageSize ?? 1000 };
        app.Run(server.HandleAsync);
        await app.StartAsync();
        string[] urls = [.. app.Urls];
        (server.Endpoint, server.StorageEndpoint) = (urls[0], urls[1]);
        return server;
    }

    /// <summary>Lets something go wrong with the next requests whose method and path match.</summary>
    /// <param name="method">E.g. <c>POST</c>; <c>*</c> for any.</param>
    /// <param name="pathPart">A part of the raw path with query.</param>
    /// <param name="fault">What.</param>
    /// <param name="times">How often.</param>
    /// <param name="skip">How many such requests go well before.</param>
    public void Play(string method, string pathPart, Fault fault, int times = 1, int skip = 0)
    {
        lock (_lock)
        {
            _faults.Add((method, pathPart, fault, skip, times));
        }
    }

    /// <summary>Makes a repository without a client.</summary>
    public StoredRepository Create(string type, string id, bool isPrivate = false) =>
        Repositories[(type, id)] = new StoredRepository(type, id, isPrivate, type == "space" ? "static" : null);

    /// <summary>A link to the storage host that works without a token.</summary>
    internal string Sign(string path, StorageLink link)
    {
        string signature = string.Create(CultureInfo.InvariantCulture, $"{link.Oid[..12]}{Links.Count}");
        Links.Add(signature, link);
        return $"{StorageEndpoint}/{path}?X-Amz-Signature={signature}";
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _oneAtATime.Dispose();
    }

    /// <summary>An error as the Hub words it, in JSON, header and request id.</summary>
    internal static async Task Refuse(HttpContext context, int status, string error, string? code = null)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Error-Message"] = error.ReplaceLineEndings(" ");
        if (code is not null)
        {
            context.Response.Headers["X-Error-Code"] = code;
        }

        await Answer(context, new JsonObject { ["error"] = error });
    }

    internal static async Task Answer(HttpContext context, JsonNode json)
    {
        if (context.Response.Body is not { CanWrite: true } || HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(json);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes);
    }

    private async Task HandleAsync(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        bool toStorage = context.Connection.LocalPort == new Uri(StorageEndpoint).Port;
        context.Response.Headers["X-Request-Id"] =
            string.Create(CultureInfo.InvariantCulture, $"Root=1-{Interlocked.Increment(ref _requestNumber):x8}");
        Fault? fault;
        lock (_lock)
        {
            _seen.Add(new SeenRequest(
                context.Request.Method, target, toStorage, context.Request.Headers.Authorization.ToString(),
                context.Request.Headers.Range.ToString()));
            fault = NextFault(context.Request.Method, target);
        }

        if (fault is null)
        {
            await Truth();
        }
        else
        {
            await fault(context, Truth);
        }

        async Task Truth()
        {
            // The state has no locks of its own.
            await _oneAtATime.WaitAsync();
            try
            {
                await (toStorage ? new StorageEndpoints(this, context).HandleAsync(target) : new HubEndpoints(this, context).HandleAsync(
                    target));
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
    }

    private Fault? NextFault(string method, string target)
    {
        for (int i = 0; i < _faults.Count; i++)
        {
            (string wanted, string part, Fault fault, int skip, int times) = _faults[i];
            if ((wanted != "*" && wanted != method) || !target.Contains(part, StringComparison.Ordinal))
            {
                continue;
            }

            if (skip > 0)
            {
                _faults[i] = (wanted, part, fault, skip - 1, times);
                return null;
            }

            if (times == 1)
            {
                _faults.RemoveAt(i);
            }
            else
            {
                _faults[i] = (wanted, part, fault, 0, times - 1);
            }

            return fault;
        }

        return null;
    }
}

/// <summary>Whom a token belongs to.</summary>
public sealed record Account(string Name, string Role, string[] Organizations)
{
    /// <summary>Whether it may write below a namespace.</summary>
    public bool MayWrite(string id) => Role == "write" && Owns(id);

    /// <summary>Whether it sees what is private there.</summary>
    public bool Owns(string id) => id.Split('/')[0] is var owner && (owner == Name || Organizations.Contains(owner));
}

internal static class KestrelPorts
{
    internal static void ListenLocalhostOnAnyPort(this KestrelServerOptions kestrel) => kestrel.Listen(System.Net.IPAddress.Loopback, 0);
}
