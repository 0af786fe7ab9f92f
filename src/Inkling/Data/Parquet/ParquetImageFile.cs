using System.Globalization;
using Inkling.Data.Idx;
using Inkling.Data.Pictures;
using Parquet;
using Parquet.Schema;

namespace Inkling.Data.Parquet;

/// <summary>One Parquet file of labelled pictures. Holds no open file: it is read a row group at a time.</summary>
internal sealed class ParquetImageFile
{
    private const string Advice = "Is it an image dataset of the Hub, with an image and a label column?";

    private readonly string _imageColumn;
    private readonly string _labelColumn;

    private ParquetImageFile(string path, string name, HubFeatures features)
    {
        (Path, Name) = (path, name);
        (_imageColumn, _labelColumn, ClassNames) = (features.ImageColumn, features.LabelColumn, features.ClassNames);
    }

    /// <summary>How messages call it.</summary>
    public string Path { get; }

    /// <summary>Its path within the dataset.</summary>
    public string Name { get; }

    /// <summary>In label order.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Reads the footer.</summary>
    /// <exception cref="DataFormatException">It isn't Parquet, or not a dataset of labelled pictures.</exception>
    public static ParquetImageFile Open(string path, string name) => Guard(path, () =>
    {
        using Stream stream = File.OpenRead(path);
        ParquetReader reader = Wait(ParquetReader.CreateAsync(stream));
        try
        {
            HubFeatures features = HubFeatures.Of(reader, path);
            Column(reader, features.BytesPath, typeof(ReadOnlyMemory<byte>), path);
            if (features.ClassNames.Count == 0)
            {
                features = features with { ClassNames = NumberedClasses(reader, features.LabelColumn, path) };
            }

            return new ParquetImageFile(path, name, features);
        }
        finally
        {
            WaitDispose(reader);
        }
    });

    /// <summary>Every row, in order.</summary>
    /// <exception cref="DataFormatException">A label has no class, or a picture is missing.</exception>
    public IEnumerable<EncodedPicture> Read()
    {
        using Stream stream = Guard(Path, () => File.OpenRead(Path));
        ParquetReader reader = Guard(Path, () => Wait(ParquetReader.CreateAsync(stream)));
        try
        {
            long row = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                (byte[]?[] pictures, long?[] labels) = Guard(Path, () => ReadGroup(reader, group));
                for (int i = 0; i < pictures.Length; i++, row++)
                {
                    yield return Row(row, pictures[i], labels[i]);
                }
            }
        }
        finally
        {
            WaitDispose(reader);
        }
    }

    private EncodedPicture Row(long row, byte[]? picture, long? label)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{Path}, row {row}");
        if (picture is null)
        {
            throw new DataFormatException(place, null, $"bytes in {_imageColumn}", "none", "Pictures have to be in the file itself.");
        }

        return label is >= 0 && label < ClassNames.Count
            ? new EncodedPicture(string.Create(CultureInfo.InvariantCulture, $"{Name}#{row}"), place, (int)label.Value, picture)
            : throw new DataFormatException(
                place, null, $"a label from 0 to {ClassNames.Count - 1}", $"{label?.ToString(CultureInfo.InvariantCulture) ?? "none"}",
                "The Hub marks images without a label by -1: leave such a file out.");
    }

    private (byte[]?[] Pictures, long?[] Labels) ReadGroup(ParquetReader reader, int group)
    {
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
        byte[]?[] pictures = ParquetColumns.ReadBytes(rows, Column(reader, $"{_imageColumn}/bytes", typeof(ReadOnlyMemory<byte>), Path));
        long?[] labels = ParquetColumns.ReadIntegers(rows, Column(reader, _labelColumn, null, Path), Path);
        return pictures.Length == labels.Length
            ? (pictures, labels)
            : throw new DataFormatException(Path, null, $"{labels.Length} pictures", $"{pictures.Length}", Advice);
    }

    /// <summary>Names for classes that have none: as many as the highest label needs.</summary>
    private static string[] NumberedClasses(ParquetReader reader, string labelColumn, string path)
    {
        long highest = -1;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            foreach (long? label in ParquetColumns.ReadIntegers(rows, Column(reader, labelColumn, null, path), path))
            {
                highest = Math.Max(highest, label ?? -1);
            }
        }

        return highest < PictureDataset.MaxClasses
            ? IdxImages.NumberedClasses((int)highest + 1)
            : throw new DataFormatException(
                path, null, $"labels below {PictureDataset.MaxClasses}", $"{highest}", Advice);
    }

    private static DataField Column(ParquetReader reader, string path, Type? type, string file)
    {
        DataField? field = Array.Find(reader.Schema.DataFields, field => string.Join('/', field.Path.ToList()) == path);
        return field is not null && (type is null || field.ClrType == type)
            ? field
            : throw new DataFormatException(
                file, null, $"a column {path}",
                field is null ? string.Join(", ", reader.Schema.DataFields.Select(data => data.Path.ToString())) : $"one of {field.ClrType.Name}", Advice);
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void WaitDispose(ParquetReader reader) => reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Whatever a damaged file makes the library throw is an error of the data.</summary>
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // A decoder that meets hostile bytes promises no particular exception.
        catch (Exception e) when (e is not DataFormatException)
#pragma warning restore CA1031
        {
            throw new DataFormatException(
                path, null, "a sound Parquet file", $"{e.GetType().Name}: {e.Message}", "Fetch the file again.", e);
        }
    }
}
