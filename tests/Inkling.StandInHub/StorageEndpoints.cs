using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Inkling.StandInHub;

/// <summary>What a signed link stands for.</summary>
/// <param name="Repository">Whose object.</param>
/// <param name="Oid">SHA-256 of the object.</param>
/// <param name="Size">Bytes of the object.</param>
/// <param name="Part">1-based; 0 for the whole object.</param>
internal sealed record StorageLink(StoredRepository Repository, string Oid, long Size, int Part);

/// <summary>The storage host: signed links only, no tokens, lengths known beforehand, as an S3 bucket.</summary>
internal sealed class StorageEndpoints(HubServer hub, HttpContext context)
{
    internal async Task HandleAsync(string target)
    {
        HttpRequest request = context.Request;
        Dictionary<string, StringValues> query = QueryHelpers.ParseQuery(new Uri("http://h" + target).Query);
        if (request.Headers.Authorization.Count > 0)
        {
            await Refuse(400, "InvalidArgument: Only one auth mechanism allowed");
        }
        else if (!hub.Links.TryGetValue(query.GetValueOrDefault("X-Amz-Signature").ToString(), out StorageLink? link))
        {
            await Refuse(403, "AccessDenied: Request has expired");
        }
        else if (HttpMethods.IsGet(request.Method) && link.Repository.Objects.TryGetValue(link.Oid, out byte[]? bytes))
        {
            await ByteRanges.SendAsync(context, bytes, $"\"{link.Oid[..8]}-s3\"");
        }
        else if (HttpMethods.IsPut(request.Method))
        {
            await PutAsync(link);
        }
        else
        {
            await Refuse(404, "NoSuchKey");
        }
    }

    private async Task PutAsync(StorageLink link)
    {
        if (context.Request.ContentLength is not > 0)
        {
            // Chunked bodies and empty objects.
            await Refuse(501, "NotImplemented: A header you provided implies functionality that is not implemented");
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        byte[] bytes = body.ToArray();
        string hash = StoredHash.Sha256(bytes);
        if (link.Part == 0 && hash != link.Oid)
        {
            await Refuse(400, "BadDigest: The SHA-256 you specified did not match what we received");
            return;
        }

        if (link.Part == 0)
        {
            link.Repository.Objects[link.Oid] = bytes;
        }
        else
        {
            hub.Parts[(link.Oid, link.Part)] = bytes;
        }

        context.Response.Headers.ETag = $"\"{hash[..32]}\"";
    }

    private async Task Refuse(int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Message>{message}</Message></Error>");
    }
}

internal static class StoredHash
{
    internal static string Sha256(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
}

/// <summary>Sends bytes, or the part of them that was asked for.</summary>
internal static class ByteRanges
{
    internal static async Task SendAsync(HttpContext context, byte[] bytes, string etag)
    {
        HttpResponse response = context.Response;
        response.Headers.ETag = etag;
        response.Headers.AcceptRanges = "bytes";
        ReadOnlyMemory<byte> part = bytes;
        string range = context.Request.Headers.Range.ToString();
        if (range.StartsWith("bytes=", StringComparison.Ordinal))
        {
            string[] ends = range[6..].Split('-');
            long first = long.Parse(ends[0], CultureInfo.InvariantCulture);
            long last = ends[1].Length == 0
                ? bytes.Length - 1
                : Math.Min(long.Parse(ends[1], CultureInfo.InvariantCulture), bytes.Length - 1);
            if (first > last)
            {
                response.StatusCode = 416;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{bytes.Length}");
                return;
            }

            response.StatusCode = 206;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{bytes.Length}");
            part = part[(int)first..(int)(last + 1)];
        }

        response.ContentLength = part.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(part);
        }
    }
}
