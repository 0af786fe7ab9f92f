using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Inkling.Packages;

namespace Inkling.Hub;

/// <summary>A request to the Hub or to its storage.</summary>
/// <param name="Operation">What it is for, as errors name it.</param>
/// <param name="Method">GET, POST …</param>
/// <param name="Uri">Where to.</param>
internal sealed record HubRequest(string Operation, HttpMethod Method, Uri Uri)
{
    /// <summary>Makes the body afresh for each attempt; it reports to the guard as it is sent.</summary>
    public Func<StallGuard, HttpContent>? Content { get; init; }

    /// <summary>Media type asked for.</summary>
    public string? Accept { get; init; }

    /// <summary>First byte wanted of a file.</summary>
    public long Offset { get; init; }

    /// <summary>False for signed links: they refuse a token.</summary>
    public bool WithToken { get; init; } = true;

    /// <summary>False where a lost answer must not lead to doing it twice.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>How long to wait without any sign of life; null for the settings' time for answers.</summary>
    public TimeSpan? Patience { get; init; }
}

/// <summary>
/// Sends requests: the token to the Hub's own address only, redirects followed by hand, every fault a
/// <see cref="HubException"/> that says what happened and whether to try again.
/// </summary>
/// <remarks>
/// .NET's own redirects drop the token even where the host stays the same, which private repositories need.
/// </remarks>
internal sealed class HubTransport : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HubSettings _settings;
    private readonly HubRetry _retry;
    private readonly HttpClient _client;

    internal HubTransport(HubSettings settings)
    {
        _settings = settings;
        _retry = new HubRetry(settings.Clock);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = settings.AnswerTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd($"inkling/{ProductVersion.Number} dotnet/{Environment.Version}");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Sends a request and reads its answer; refusals are exceptions.</summary>
    internal Task<T> SendAsync<T>(
        HubRequest request, Func<HttpResponseMessage, StallGuard, Task<T>> read, CancellationToken cancellation,
        Func<long>? progress = null)
    {
        if (_settings.IsOffline)
        {
            throw new HubException(
                $"{request.Operation}: HF_HUB_OFFLINE is set, so that the Hub isn't asked. Unset it, or use what has been pulled before.");
        }

        return request.IsRepeatable
            ? _retry.RunAsync(() => AttemptAsync(request, read, cancellation), progress ?? (() => 0), cancellation)
            : AttemptAsync(request, read, cancellation);
    }

    private async Task<T> AttemptAsync<T>(
        HubRequest request, Func<HttpResponseMessage, StallGuard, Task<T>> read, CancellationToken cancellation)
    {
        using var guard = new StallGuard(request.Patience ?? _settings.AnswerTimeout, cancellation);
        try
        {
            using HttpResponseMessage response = await FollowAsync(request, guard).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return await read(response, guard).ConfigureAwait(false);
            }

            // The link that the Hub has just redirected to is good for some minutes only: the next attempt gets a new one.
            bool isLinkExpired = response.StatusCode == HttpStatusCode.Forbidden && !IsSameOrigin(
                response.RequestMessage!.RequestUri!, request.Uri);
            throw await HubAnswer.ReadErrorAsync(request.Operation, response, _settings.Token, isLinkExpired, guard.Token).ConfigureAwait(
                false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            string seconds = guard.Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new HubException(
                $"{request.Operation}: no sign of life from {request.Uri.Authority} for {seconds} s. Check the connection and try again.")
            {
                IsTransient = true,
            };
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException or System.Net.Sockets.SocketException
            || (e is IOException && e.InnerException is System.Net.Sockets.SocketException))
        {
            throw Unreachable(request, e);
        }
    }

    private static HubException Unreachable(HubRequest request, Exception e)
    {
        // A name that doesn't resolve and a certificate that isn't right stay so.
        bool isTransient = e is not HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
                or HttpRequestError.ConfigurationLimitExceeded,
        };
        string reason = (e.InnerException is { } inner
            && e.Message.Contains("inner exception", StringComparison.Ordinal) ? inner : e).Message.TrimEnd('.');
        return new HubException(
            $"{request.Operation}: the connection with {request.Uri.Authority} failed ({reason}). Check the network and try again.", e)
        {
            IsTransient = isTransient,
        };
    }

    private async Task<HttpResponseMessage> FollowAsync(HubRequest request, StallGuard guard)
    {
        Uri uri = request.Uri;
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            HttpResponseMessage response = await _client.SendAsync(
                Build(request, uri, guard), HttpCompletionOption.ResponseHeadersRead, guard.Token).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            using (response)
            {
                uri = Next(request, uri, response);
            }
        }

        throw new HubException($"{request.Operation}: more than {MaxRedirects} redirects from {request.Uri.Authority}. Try again later.");
    }

    private static Uri Next(HubRequest request, Uri uri, HttpResponseMessage response)
    {
        Uri? next = response.Headers.Location is { } location ? new Uri(uri, location) : null;
        bool isSafe = next is not null
            && (next.Scheme == Uri.UriSchemeHttps || next.Scheme == uri.Scheme)
            && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || IsSameOrigin(uri, next));
        return isSafe ? next! : throw new HubException(
            $"{request.Operation}: {uri.Authority} sends on to {next?.GetLeftPart(UriPartial.Authority) ?? "nowhere"}, where this can't go. Check HF_ENDPOINT.")
        {
            Status = (int)response.StatusCode,
            RequestId = HubAnswer.RequestId(response),
        };
    }

    private HttpRequestMessage Build(HubRequest request, Uri uri, StallGuard guard)
    {
        var message = new HttpRequestMessage(request.Method, uri) { Content = request.Content?.Invoke(guard) };
        if (request.WithToken && IsSameOrigin(uri, _settings.Endpoint))
        {
            message.Headers.Authorization = _settings.Token?.ToHeader();
        }

        if (request.Accept is not null)
        {
            message.Headers.Accept.ParseAdd(request.Accept);
        }

        if (request.Method == HttpMethod.Get)
        {
            message.Headers.AcceptEncoding.ParseAdd("identity");
        }

        if (request.Offset > 0)
        {
            message.Headers.Range = new RangeHeaderValue(request.Offset, null);
        }

        return message;
    }

    private static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Authority == b.Authority;
}
