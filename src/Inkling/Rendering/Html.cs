using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Inkling.Rendering;

/// <summary>A piece of HTML. What is interpolated into one is encoded, unless it is HTML itself.</summary>
/// <example><c>Html.Of($"&lt;p&gt;{text}&lt;/p&gt;")</c></example>
internal readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Empty => default;

    /// <summary>HTML from a template.</summary>
    public static Html Of(HtmlTemplate template) => new(template.ToString());

    /// <summary>Text that has nothing to encode, such as Base64: of one's own making, never of a user's.</summary>
    public static Html Verbatim(string text) => new(text);

    /// <summary>Pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces));

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}

/// <summary>Collects a template's parts: literals as they are, values encoded and in the invariant culture.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlTemplate(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

    public void AppendLiteral(string literal) => _text.Append(literal.ReplaceLineEndings("\n"));

    public void AppendFormatted(Html html) => _text.Append(html);

    public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable =>
        AppendFormatted(value.ToString(format, System.Globalization.CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
