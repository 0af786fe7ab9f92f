using System.Globalization;

namespace Inkling.Hub;

/// <summary>Where the Hub is, who asks, and where pulled files are kept. Changed by <c>with</c>.</summary>
public sealed record HubSettings
{
    /// <summary>The Hub's address. Default: <c>https://huggingface.co</c>; variable <c>HF_ENDPOINT</c>.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Who asks; null for somebody without an account.</summary>
    public HubToken? Token { get; init; }

    /// <summary>
    /// The cache that is shared with the official clients: <c>HF_HUB_CACHE</c>, <c>HUGGINGFACE_HUB_CACHE</c>,
    /// <c>$HF_HOME/hub</c>, by default <c>~/.cache/huggingface/hub</c>.
    /// </summary>
    public required string CacheFolder { get; init; }

    /// <summary>Use nothing but the cache: <c>HF_HUB_OFFLINE</c>.</summary>
    public bool IsOffline { get; init; }

    /// <summary>
    /// Whether snapshots link to blobs; false copies them: <c>HF_HUB_DISABLE_SYMLINKS</c>. Where links can't be made, they aren't.
    /// </summary>
    public bool UsesSymlinks { get; init; } = true;

    /// <summary>How long a question may wait for its answer. Default 10 s; <c>HF_HUB_ETAG_TIMEOUT</c>.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a transfer may stand still. Default 10 s; <c>HF_HUB_DOWNLOAD_TIMEOUT</c>.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the Hub may work on a commit. Default 90 s: it gives up after about 60.</summary>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Passes the time between two attempts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What the environment variables and files of the official clients say.</summary>
    /// <exception cref="HubException">A variable has a value that can't be used.</exception>
    public static HubSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubSettings From(Func<string, string?> variable)
    {
        string Default(string name, string otherwise) => variable(name) is { Length: > 0 } value ? value : otherwise;

        string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string home = Expand(
            Default("HF_HOME", Path.Combine(Default("XDG_CACHE_HOME", Path.Combine(user, ".cache")), "huggingface")), user);
        string endpoint = Default("HF_ENDPOINT", "https://huggingface.co");
        if (!Uri.TryCreate(endpoint.TrimEnd('/'), UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0)
        {
            throw new HubException($"HF_ENDPOINT: expected an address such as https://huggingface.co, found {endpoint}.");
        }

        return new HubSettings
        {
            Endpoint = uri,
            Token = HubToken.Find(variable, home),
            CacheFolder = Expand(Default("HF_HUB_CACHE", Default("HUGGINGFACE_HUB_CACHE", Path.Combine(home, "hub"))), user),
            IsOffline = IsSet(variable("HF_HUB_OFFLINE")) || IsSet(variable("TRANSFORMERS_OFFLINE")),
            UsesSymlinks = !IsSet(variable("HF_HUB_DISABLE_SYMLINKS")),
            AnswerTimeout = Seconds("HF_HUB_ETAG_TIMEOUT", variable),
            StallTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT", variable),
        };
    }

    internal static bool IsSet(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static TimeSpan Seconds(string name, Func<string, string?> variable) =>
        variable(name) is not { Length: > 0 } text ? TimeSpan.FromSeconds(10)
        : double.TryParse(text, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(
            seconds)
        : throw new HubException($"{name}: expected seconds, found {text}.");

    private static string Expand(string path, string user) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(user, path[2..]) : path;
}
