using Inkling.Data;
using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;

namespace Inkling.Tests.Support;

/// <summary>Parquet files as the Hub's libraries write them: a struct of bytes and path, a label, class names in the metadata.</summary>
internal static class HubParquet
{
    /// <summary>Images as PNG files with their labels.</summary>
    internal static (byte[]? Picture, long? Label)[] Rows(ImageSet images, int start, int count) =>
        [.. Enumerable.Range(start, count).Select(
            i => ((byte[]?)TestPictures.Grey(images.Width, images.Height, images.Image(i)), (long?)images.Labels[i]))];

    /// <summary>Writes a file through Apache Arrow's writer; by its default, a value that repeats is stored once.</summary>
    internal static void Write(
        string file, (byte[]? Picture, long? Label)[] rows, bool metadata = true, int rowGroup = 1000, bool storesRepeatsOnce = true)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var bytes = new PrimitiveNode("bytes", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray);
        using var path = new PrimitiveNode("path", Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray);
        using var image = new GroupNode("image", Repetition.Optional, [bytes, path]);
        using var label = new PrimitiveNode("label", Repetition.Optional, LogicalType.None(), PhysicalType.Int64);
        using var schema = new GroupNode("schema", Repetition.Required, [image, label]);
        string features = """
            {"info":{"features":{"image":{"_type":"Image"},"label":{"names":["zero","one","two","three","four","five","six","seven","eight","nine"],"_type":"ClassLabel"}}}}
            """;
        using WriterPropertiesBuilder builder = new WriterPropertiesBuilder().Compression(Compression.Snappy);
        using WriterProperties properties = (storesRepeatsOnce ? builder : builder.DisableDictionary()).Build();
        using var stream = new ManagedOutputStream(File.Create(file));
        using var writer = new ParquetFileWriter(
            stream, schema, properties, metadata ? new Dictionary<string, string> { ["huggingface"] = features } : null);
        foreach ((byte[]? Picture, long? Label)[] some in rows.Chunk(rowGroup))
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            using (LogicalColumnWriter<Nested<byte[]?>?> pictures = group.NextColumn().LogicalWriter<Nested<byte[]?>?>())
            {
                pictures.WriteBatch([.. some.Select(row => (Nested<byte[]?>?)new Nested<byte[]?>(row.Picture))]);
            }

            using (LogicalColumnWriter<Nested<string?>?> paths = group.NextColumn().LogicalWriter<Nested<string?>?>())
            {
                paths.WriteBatch([.. some.Select((_, i) => (Nested<string?>?)new Nested<string?>(i % 2 == 0 ? null : $"{i}.png"))]);
            }

            using LogicalColumnWriter<long?> labels = group.NextColumn().LogicalWriter<long?>();
            labels.WriteBatch([.. some.Select(row => row.Label)]);
        }

        writer.Close();
    }
}
