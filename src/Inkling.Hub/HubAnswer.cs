using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Inkling.Hub;

/// <summary>Reads what the Hub answers: JSON of a bounded size, or a refusal with its reason.</summary>
internal static partial class HubAnswer
{
    /// <summary>A listing of 1000 files has some 300 kB.</summary>
    private const int MaxJsonBytes = 16 << 20;

    private const int MaxErrorBytes = 64 << 10;

    internal static async Task<JsonElement> ReadJsonAsync(string operation, HttpResponseMessage response, CancellationToken cancellation)
    {
        byte[] bytes = await ReadAtMostAsync(response, MaxJsonBytes + 1, cancellation).ConfigureAwait(false);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.Length <= MaxJsonBytes ? bytes : throw new JsonException("too long"));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw Malformed(operation, RequestId(response), e);
        }
    }

    /// <summary>A member that has to be a text.</summary>
    /// <exception cref="FormatException">It is null.</exception>
    internal static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException();

    /// <summary>For answers that are JSON but not of the form that was agreed.</summary>
    internal static HubException Malformed(string operation, string? requestId, Exception? inner = null) => new(
        $"{operation}: the Hub's answer has another form than agreed{Identified(requestId)}. Try again, or update Inkling.", inner)
    {
        RequestId = requestId,
    };

    /// <summary>The refusal that an answer stands for.</summary>
    internal static async Task<HubException> ReadErrorAsync(
        string operation, HttpResponseMessage response, HubToken? token, bool isLinkExpired, CancellationToken cancellation)
    {
        int status = (int)response.StatusCode;
        string body = Encoding.UTF8.GetString(await ReadAtMostAsync(response, MaxErrorBytes, cancellation).ConfigureAwait(false));
        string said = OneLine(ServerMessage(body) ?? Header(response, "X-Error-Message") ?? response.ReasonPhrase ?? "");
        said = token?.Redact(said) ?? said;
        string? requestId = RequestId(response);
        string? code = Header(response, "X-Error-Code");
        return new HubException(
            string.Create(CultureInfo.InvariantCulture, $"{operation}: the Hub answered {status}: {said}{Identified(requestId)}. {Advice(status, code)}"))
        {
            Status = status,
            ErrorCode = code,
            RequestId = requestId,
            ServerMessage = said,
            IsTransient = isLinkExpired || status is 408 or 429 or 500 or 502 or 503 or 504,
            RetryAfter = RetryAfter(response),
        };
    }

    internal static string? RequestId(HttpResponseMessage response) =>
        Header(response, "X-Request-Id") ?? Header(response, "X-Amzn-Trace-Id") ?? Header(response, "X-Amz-Cf-Id");

    internal static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;

    private static string Identified(string? requestId) => requestId is null ? "" : $" (request {OneLine(requestId)})";

    private static string Advice(int status, string? code) => (status, code) switch
    {
        (401, _) => "Without a token private repositories don't show; with one, check it: HF_TOKEN or the file that 'hf auth login' writes.",
        (402, _) => "This needs a paid plan.",
        (403, "GatedRepo") => "Ask for access on its page first.",
        (403, _) => "The token has no right to do this: make one that may write to this namespace.",
        (404, "RevisionNotFound") => "Check the revision.",
        (404, _) => "Check the name; a private repository of others doesn't show.",
        (409, _) => "Choose another name.",
        (412, _) => "Somebody else has committed meanwhile: run the same command again.",
        (413, _) => "That is more than the Hub takes at once.",
        (429, _) or (>= 500, _) => "Try again later.",
        _ => "Mend what it names and try again.",
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (429 or 503))
        {
            return null;
        }

        Match limit = RateLimit().Match(Header(response, "RateLimit") ?? "");
        RetryConditionHeaderValue? after = response.Headers.RetryAfter;
        return limit.Success && int.TryParse(limit.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds + 1L)
            : after?.Delta;
    }

    private static string? ServerMessage(string body)
    {
        if (body.AsSpan().TrimStart() is ['<', ..] or [])
        {
            // A page for people, from something in between.
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            var messages = new List<string>();
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in json.RootElement.EnumerateObject().Where(property => property.Name is "error" or "error_description" or "errors"))
                {
                    Collect(property.Value, messages);
                }
            }

            return messages.Count > 0 ? string.Join("; ", messages) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape such as \ud800 that is JSON but no text.
            return body;
        }
    }

    private static void Collect(JsonElement value, List<string> messages)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                messages.Add(value.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Collect(item, messages);
                }

                break;
            case JsonValueKind.Object when value.TryGetProperty("message", out JsonElement message):
                Collect(message, messages);
                break;
            default:
                break;
        }
    }

    private static async Task<byte[]> ReadAtMostAsync(HttpResponseMessage response, int limit, CancellationToken cancellation)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        byte[] block = new byte[16384];
        for (int read = 1; read > 0 && bytes.Length < limit;)
        {
            read = await body.ReadAsync(block.AsMemory(0, (int)Math.Min(block.Length, limit - bytes.Length)), cancellation).ConfigureAwait(
                false);
            bytes.Write(block, 0, read);
        }

        return bytes.ToArray();
    }

    private static string OneLine(string text)
    {
        string line = new([.. text.Trim().Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= 500 ? line.TrimEnd('.') : line[..500] + "…";
    }

    // "api";r=0;t=55, where t is seconds to the next window; headers with r > 0 are only for information.
    [GeneratedRegex(@"""?;r=0;t=(?<seconds>\d{1,7})")]
    private static partial Regex RateLimit();
}
