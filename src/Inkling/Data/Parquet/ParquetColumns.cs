using Parquet;
using Parquet.Schema;

namespace Inkling.Data.Parquet;

/// <summary>Whole columns of a row group, nulls included.</summary>
internal static class ParquetColumns
{
    // A column that declares more rows than a group can sensibly have is a lie; the Hub's hold a thousand or so.
    private const long MaxRows = 1 << 24;

    // Pictures of a row group are held at once. A dictionary repeats one picture in every row for next to nothing, so what
    // the file says of its pages and what the rows come to are both measured.
    private const long MaxBytes = 1 << 30;

    public static byte[]?[] ReadBytes(ParquetRowGroupReader rows, DataField field)
    {
        Limit(rows.GetMetadata(field)?.MetaData?.TotalUncompressedSize ?? 0, field);

        // Read with its definition levels: the library's reading of byte arrays moves later rows into the place of nulls.
        var values = new ReadOnlyMemory<byte>[Count(rows)];
        int[] levels = new int[values.Length];
        Wait(rows.ReadRawAsync<ReadOnlyMemory<byte>>(field, values, levels, null));
        Limit(values.Sum(value => (long)value.Length), field);
        byte[]?[] spread = new byte[values.Length][];
        int next = 0;
        for (int i = 0; i < spread.Length; i++)
        {
            bool isThere = field.MaxDefinitionLevel == 0 || levels[i] == field.MaxDefinitionLevel;
            spread[i] = isThere ? values[next++].ToArray() : null;
        }

        return spread;
    }

    public static long?[] ReadIntegers(ParquetRowGroupReader rows, DataField field, string path) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Int64 => Read<long>(rows, field, value => value),
        TypeCode.Int32 => Read<int>(rows, field, value => value),
        TypeCode.Int16 => Read<short>(rows, field, value => value),
        TypeCode.SByte => Read<sbyte>(rows, field, value => value),
        TypeCode.Byte => Read<byte>(rows, field, value => value),
        TypeCode.UInt16 => Read<ushort>(rows, field, value => value),
        TypeCode.UInt32 => Read<uint>(rows, field, value => value),
        _ => throw new DataFormatException(
            path, null, $"whole numbers in {field.Path}", field.ClrType.Name, "The label column has to hold indices of classes."),
    };

    private static long?[] Read<T>(ParquetRowGroupReader rows, DataField field, Func<T, long> widen)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var plain = new T[Count(rows)];
            Wait(rows.ReadAsync(field, plain.AsMemory()));
            return Array.ConvertAll(plain, value => (long?)widen(value));
        }

        var values = new T?[Count(rows)];
        Wait(rows.ReadAsync(field, values.AsMemory()));
        return Array.ConvertAll(values, value => value is { } known ? widen(known) : (long?)null);
    }

    private static int Count(ParquetRowGroupReader rows) => rows.RowCount is >= 0 and <= MaxRows
        ? (int)rows.RowCount
        : throw new InvalidDataException($"a row group of {rows.RowCount} rows");

    private static void Limit(long bytes, DataField field)
    {
        if (bytes is < 0 or > MaxBytes)
        {
            throw new InvalidDataException($"{bytes} bytes of {field.Path} in a row group that may have {MaxBytes}");
        }
    }

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
