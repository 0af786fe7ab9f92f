using System.Net.Http.Headers;

namespace Inkling.Hub;

/// <summary>A secret that speaks for a user of the Hub. It goes into requests to the Hub and nowhere else: no text form shows it.</summary>
public sealed class HubToken
{
    private readonly string _secret;

    /// <param name="secret">As the Hub issued it; white space around it is dropped.</param>
    /// <exception cref="HubException">It has characters that no token has. They are not shown.</exception>
    public HubToken(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _secret = secret.Trim();
        if (_secret.Length is 0 or > 1000 || _secret.Any(c => c is <= ' ' or > '~'))
        {
            throw new HubException(
                "The Hub's token has characters that no token has. Copy it again: HF_TOKEN or the file that 'hf auth login' writes.");
        }
    }

    /// <summary>A token to send is no text to show.</summary>
    public override string ToString() => "(token)";

    /// <summary>
    /// Looks where the official clients do: <c>HF_TOKEN</c>, <c>HUGGING_FACE_HUB_TOKEN</c>, then the file
    /// <c>HF_TOKEN_PATH</c>, by default <c>token</c> in the Hub's home folder.
    /// </summary>
    /// <returns>Null without a token, or if <c>HF_HUB_DISABLE_IMPLICIT_TOKEN</c> is set.</returns>
    internal static HubToken? Find(Func<string, string?> variable, string home)
    {
        if (HubSettings.IsSet(variable("HF_HUB_DISABLE_IMPLICIT_TOKEN")))
        {
            return null;
        }

        string file = variable("HF_TOKEN_PATH") is { Length: > 0 } named ? named : Path.Combine(home, "token");
        string?[] candidates = [variable("HF_TOKEN"), variable("HUGGING_FACE_HUB_TOKEN"), Read(file)];
        return candidates.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) is { } secret ? new HubToken(secret) : null;
    }

    internal AuthenticationHeaderValue ToHeader() => new("Bearer", _secret);

    /// <summary><paramref name="text"/> without the token, should a server have echoed it.</summary>
    internal string Redact(string text) => text.Replace(_secret, "(token)", StringComparison.Ordinal);

    /// <summary>Whether some bytes contain the token.</summary>
    public bool IsIn(ReadOnlySpan<byte> bytes) => bytes.IndexOf(System.Text.Encoding.ASCII.GetBytes(_secret)) >= 0;

    private static string? Read(string file)
    {
        try
        {
            return File.Exists(file) && new FileInfo(file).Length < 10_000 ? File.ReadAllText(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{file}: the Hub's token can't be read ({e.Message}). Mend its permissions, or set HF_TOKEN.", e);
        }
    }
}
