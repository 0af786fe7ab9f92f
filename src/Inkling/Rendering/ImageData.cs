namespace Inkling.Rendering;

/// <summary>Images inside a page: <c>data:</c> addresses of PNG files.</summary>
internal static class ImageData
{
    /// <summary>An image as a <c>data:</c> address.</summary>
    /// <param name="planes">[channels, height, width].</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static Html Png(ReadOnlySpan<byte> planes, int channels, int height, int width) =>
        Address(PngFile.Write(planes, channels, height, width));

    /// <summary>A PNG file as a <c>data:</c> address.</summary>
    public static Html Address(byte[] png) => Html.Verbatim("data:image/png;base64," + Convert.ToBase64String(png));
}
