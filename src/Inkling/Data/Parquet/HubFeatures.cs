using System.Text.Json;
using Parquet;

namespace Inkling.Data.Parquet;

/// <summary>What the <c>huggingface</c> key of a Parquet file's metadata says of its columns.</summary>
/// <param name="ImageColumn">The one of type <c>Image</c>.</param>
/// <param name="LabelColumn">The one of type <c>ClassLabel</c>.</param>
/// <param name="ClassNames">Of that column; empty if the file names none.</param>
internal sealed record HubFeatures(string ImageColumn, string LabelColumn, IReadOnlyList<string> ClassNames)
{
    private const string MetadataKey = "huggingface";

    /// <summary>Path of the pictures' bytes.</summary>
    public string BytesPath => $"{ImageColumn}/bytes";

    /// <summary>Reads them; a file without them has to call its columns <c>image</c> and <c>label</c>.</summary>
    /// <exception cref="DataFormatException">The metadata isn't what the Hub's libraries write, or has two columns of a kind.</exception>
    public static HubFeatures Of(ParquetReader reader, string path)
    {
        if (!reader.CustomMetadata.TryGetValue(MetadataKey, out string? json))
        {
            return new HubFeatures("image", "label", []);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement features = document.RootElement.GetProperty("info").GetProperty("features");
            JsonProperty image = One(features, "Image", path);
            JsonProperty label = One(features, "ClassLabel", path);
            string[] names = label.Value.TryGetProperty("names", out JsonElement list)
                ? [.. list.EnumerateArray().Select(name => name.GetString() ?? "")]
                : [];
            return names.Distinct().Count() == names.Length && !names.Contains("")
                ? new HubFeatures(image.Name, label.Name, names)
                : throw new DataFormatException(
                    path, null, "a name of its own for each class", "an empty one, or one twice", "Correct the dataset.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DataFormatException(
                path, null, $"the metadata '{MetadataKey}' as the Hub's libraries write it", e.Message, "Export the dataset again.", e);
        }
    }

    private static JsonProperty One(JsonElement features, string type, string path)
    {
        JsonProperty[] found = [.. features.EnumerateObject().Where(feature =>
            feature.Value.ValueKind == JsonValueKind.Object
            && feature.Value.TryGetProperty("_type", out JsonElement value) && value.GetString() == type)];
        return found is [var one]
            ? one
            : throw new DataFormatException(
                path, null, $"one column of type {type}", found.Length == 0
                    ? "none"
                    : string.Join(" and ", found.Select(feature => feature.Name)),
                "Take a dataset for image classification.");
    }
}
