using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Inkling.StandInHub;

/// <summary>Something that goes wrong with a request; <paramref name="next"/> is what would have happened without it.</summary>
public delegate Task Fault(HttpContext context, Func<Task> next);

/// <summary>What a network and its servers do to a client.</summary>
public static class Faults
{
    /// <summary>Answers with a status instead of the truth.</summary>
    public static Fault Status(int status, string error = "scripted", params (string Name, string Value)[] headers) => async (context, _) =>
    {
        foreach ((string name, string value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await HubServer.Refuse(context, status, error);
    };

    /// <summary>Breaks the connection after some bytes of the request's body.</summary>
    public static Fault BreakRequest(int afterBytes) => async (context, _) =>
    {
        byte[] block = new byte[1024];
        for (int read = 0, n = 1; n > 0 && read < afterBytes; read += n)
        {
            n = await context.Request.Body.ReadAsync(block);
        }

        context.Abort();
    };

    /// <summary>Does what was asked; the answer is lost.</summary>
    public static Fault LoseAnswer() => async (context, next) =>
    {
        Stream wire = context.Response.Body;
        context.Response.Body = new MemoryStream();
        await next();
        context.Response.Body = wire;
        context.Abort();
    };

    /// <summary>Breaks the connection after some bytes of the answer's body.</summary>
    public static Fault BreakAnswer(int afterBytes) => OnBody(_ => afterBytes, end: _ => Task.CompletedTask);

    /// <summary>Sends some bytes of the answer's body, then nothing, until the client has enough of it.</summary>
    public static Fault Stall(int afterBytes) => OnBody(_ => afterBytes, end: async context =>
    {
        var gone = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    });

    /// <summary>Sends the answer's body in pieces, with a pause after each.</summary>
    public static Fault Drip(int pieces, TimeSpan pause) => async (context, next) =>
    {
        Stream wire = context.Response.Body;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await next();
        context.Response.Body = wire;
        context.Response.ContentLength ??= body.Length;
        foreach (byte[] piece in body.ToArray().Chunk((int)(body.Length / pieces) + 1))
        {
            await wire.WriteAsync(piece);
            await wire.FlushAsync();
            await Task.Delay(pause);
        }
    };

    /// <summary>Flips a bit of the answer's body.</summary>
    public static Fault Corrupt() => Corrupt(bytes => bytes[bytes.Length / 2] ^= 1);

    /// <summary>Changes bytes of the answer's body.</summary>
    public static Fault Corrupt(Action<byte[]> change) => OnBody(
        bytes =>
        {
            change(bytes);
            return bytes.Length;
        },
        end: _ => Task.CompletedTask);

    /// <summary>Answers as if no part had been asked for.</summary>
    public static Fault IgnoreRange() => (context, next) =>
    {
        context.Request.Headers.Remove("Range");
        return next();
    };

    /// <summary>Answers with a JSON value instead of the truth.</summary>
    public static Fault Answer(string json) => (context, _) => HubServer.Answer(context, JsonNode.Parse(json)!);

    /// <summary>Sends the client elsewhere.</summary>
    public static Fault Redirect(string location) => (context, _) =>
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };

    private static Fault OnBody(Func<byte[], int> spoil, Func<HttpContext, Task> end) => async (context, next) =>
    {
        Stream wire = context.Response.Body;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await next();
        context.Response.Body = wire;
        byte[] bytes = body.ToArray();

        // Kestrel closes a connection whose answer ends before its length.
        context.Response.ContentLength ??= bytes.Length;
        int length = Math.Min(spoil(bytes), bytes.Length);
        await wire.WriteAsync(bytes.AsMemory(0, length));
        await wire.FlushAsync();
        await end(context);
    };
}

/// <summary>A request that the stand-in has seen.</summary>
/// <param name="Method">E.g. <c>GET</c>.</param>
/// <param name="Target">Path and query as sent.</param>
/// <param name="ToStorage">Whether it went to the storage host and not to the Hub itself.</param>
/// <param name="Authorization">The header; empty if there was none.</param>
/// <param name="Range">The header; empty if there was none.</param>
public sealed record SeenRequest(string Method, string Target, bool ToStorage, string Authorization, string Range)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Method} {(ToStorage ? "storage" : "")}{Target}");
}
