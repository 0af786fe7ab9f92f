using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Inkling.Serialization;
using Inkling.Tests.Support;

namespace Inkling.Tests.Serialization;

public class SafeTensorsFileTests
{
    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "safetensors", "tiny.safetensors");

    private static readonly Gen<NamedTensor[]> Tensors =
        from shapes in Gen.Int[0, 4].List[0, 3].Array[0, 6]
        from bits in Gen.UInt.Array[6 * 64]
        select shapes.Select((shape, i) => new NamedTensor(
            $"t{i}.ü\"\\\n😀", shape, Floats(bits.AsSpan(64 * i, shape.Aggregate(1, (a, b) => a * b))))).ToArray();

    [Fact]
    public void ToBytes_TinyModel_EqualsBytesOfPythonScript()
    {
        SafeTensorsFile file = Tiny();

        byte[] bytes = file.ToBytes();

        Assert.Equal(File.ReadAllBytes(Fixture), bytes);
    }

    [Fact]
    public void Read_BytesOfPythonScript_GivesTinyModel()
    {
        SafeTensorsFile file = SafeTensorsFile.Read(Fixture);

        Assert.Equal([new NamedInteger("bn.num_batches_tracked", 469)], file.Integers);
        Assert.Equal(["bn.weight", "conv.weight"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1, 1, 2, 2], file.Tensors[1].Shape);
        Assert.Equal([0.1f, 0.2f, 0.3f, float.PositiveInfinity], file.Tensors[1].Values);
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void ToBytes_AnyTensors_ReadBackBitForBit()
    {
        Tensors.Sample(
            tensors =>
            {
                byte[] bytes = new SafeTensorsFile(tensors, [new NamedInteger("n", long.MinValue)]).ToBytes();

                SafeTensorsFile read = SafeTensorsFile.Parse(bytes, "x");

                Assert.Equal(bytes, read.ToBytes());
                Assert.Equal(
                    tensors.Select(tensor => (tensor.Name, string.Join(',', tensor.Shape), Bits(tensor.Values))),
                    read.Tensors.Select(tensor => (tensor.Name, string.Join(',', tensor.Shape), Bits(tensor.Values))));
            },
            seed: "0000000000001", iter: 200);
    }

    [Fact]
    public void ToBytes_OtherOrderOfTensors_SameBytes()
    {
        Tensors.Sample(
            tensors => Assert.Equal(
                new SafeTensorsFile(tensors).ToBytes(), new SafeTensorsFile(tensors.Reverse()).ToBytes()),
            seed: "0000000000002", iter: 100);
    }

    [Fact]
    public void ToBytes_NamesBeyondTheBasicPlane_AreInOrderOfTheirUtf8()
    {
        var file = new SafeTensorsFile([new("\U0001F600", [], [1]), new("\uFF5E", [], [2])]);

        Assert.Equal(["\uFF5E", "\U0001F600"], file.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Constructor_NameTwice_Throws() =>
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile([new("a", [], [1])], [new("a", 1)]));

    [Fact]
    public void Constructor_ReservedName_Throws() =>
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile([new("__metadata__", [], [1])]));

    [Fact]
    public void Constructor_ShapeOfOtherCount_Throws() =>
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile([new("a", [2, 2], [1])]));

    [Fact]
    public void Parse_EmptyFile_Throws() => AssertRefused([], "length");

    [Fact]
    public void Parse_SevenBytes_Throws() => AssertRefused(new byte[7], "a file of 7");

    [Fact]
    public void Parse_HeaderLengthAboveCap_Throws() => AssertRefused(Length(100_000_001), "at most 100000000");

    [Fact]
    public void Parse_HeaderLengthOfAllOnes_Throws() => AssertRefused(Length(ulong.MaxValue), "18446744073709551615");

    [Fact]
    public void Parse_HeaderLongerThanFile_Throws() => AssertRefused([.. Length(3), .. "{}"u8], "2 bytes after");

    [Fact]
    public void Parse_EmptyHeader_Throws() => AssertRefused(Length(0), "begins with '{'");

    [Fact]
    public void Parse_HeaderWithLeadingSpace_Throws() => AssertRefused(FileOf(" {}"), "0x20");

    [Fact]
    public void Parse_HeaderNotUtf8_Throws() => AssertRefused([.. Length(5), .. "{\""u8, 0xFF, .. "\"}"u8], "UTF-8");

    [Theory]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"__metadata__\":{\"a\":\"\\ud800\"}}")]
    [InlineData("{\"\\ud800\":{}}")]
    public void Parse_HeaderNotJson_Throws(string header) => AssertRefused(FileOf(header), "valid JSON");

    [Fact]
    public void Parse_NameTwice_Throws()
    {
        string entry = Entry("F32", "[]", 0, 4);

        AssertRefused(FileOfTwo(entry, entry, 4, second: "a"), "each name once");
    }

    [Fact]
    public void Parse_NameTwiceInAnEntry_Throws() =>
        AssertRefused(FileOf("""{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4), "each name once");

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\":1}")]
    public void Parse_MetadataNotText_Throws(string metadata) =>
        AssertRefused(FileOfOne(metadata, 0, name: "__metadata__"), "__metadata__");

    [Fact]
    public void Parse_EmptyName_Throws() => AssertRefused(FileOfOne(Entry("F32", "[]", 0, 4), 4, name: ""), "an empty one");

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("{\"dtype\":\"F32\",\"shape\":[]}")]
    [InlineData("{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"more\":1}")]
    public void Parse_EntryWithOtherKeys_Throws(string entry) =>
        AssertRefused(FileOfOne(entry, 4), "other keys");

    [Theory]
    [InlineData("\"F16\"")]
    [InlineData("\"f32\"")]
    public void Parse_OtherDataType_Throws(string dataType) => AssertRefused(
        FileOfOne($$"""{"dtype":{{dataType}},"shape":[],"data_offsets":[0,4]}""", 4), "Convert the weights to float32");

    [Theory]
    [InlineData("4")]
    [InlineData("[null]")]
    public void Parse_DataTypeNotText_Throws(string dataType) =>
        AssertRefused(FileOfOne($$"""{"dtype":{{dataType}},"shape":[],"data_offsets":[0,4]}""", 4), "Convert the weights to float32");

    [Theory]
    [InlineData("1")]
    [InlineData("[-1]")]
    [InlineData("[1.5]")]
    [InlineData("[\"1\"]")]
    [InlineData("[2147483648]")]
    [InlineData("[1e99]")]
    public void Parse_ShapeNotOfWholeNumbers_Throws(string shape) =>
        AssertRefused(FileOfOne(Entry("F32", shape, 0, 4), 4), "whole numbers");

    [Fact]
    public void Parse_ShapeWhoseProductOverflows_Throws() => AssertRefused(
        FileOfOne(Entry("F32", "[2147483647,2147483647,2147483647]", 0, 4), 4), "63 bits");

    [Fact]
    public void Parse_ShapeOfOtherSizeThanOffsets_Throws() =>
        AssertRefused(FileOfOne(Entry("F32", "[2]", 0, 4), 4), "to have 8 bytes");

    [Fact]
    public void Parse_IntegerTensorNotScalar_Throws() =>
        AssertRefused(FileOfOne(Entry("I64", "[1]", 0, 8), 8), "a scalar");

    [Theory]
    [InlineData("[0]")]
    [InlineData("[0,4,8]")]
    [InlineData("[4,0]")]
    [InlineData("[-4,0]")]
    [InlineData("[0,18446744073709551619]")]
    [InlineData("{}")]
    public void Parse_OffsetsNotAnInterval_Throws(string offsets) => AssertRefused(
        FileOfOne("{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":" + offsets + "}", 4), "in that order");

    [Fact]
    public void Parse_TensorsOverlap_Throws() => AssertRefused(
        FileOfTwo(Entry("F32", "[2]", 0, 8), Entry("F32", "[2]", 4, 12), 12), "an overlap");

    [Fact]
    public void Parse_GapBetweenTensors_Throws() => AssertRefused(
        FileOfTwo(Entry("F32", "[]", 0, 4), Entry("F32", "[]", 8, 12), 12), "a gap");

    [Fact]
    public void Parse_GapBeforeFirstTensor_Throws() =>
        AssertRefused(FileOfOne(Entry("F32", "[]", 4, 8), 8), "a gap");

    [Fact]
    public void Parse_TrailingBytes_Throws() =>
        AssertRefused(FileOfOne(Entry("F32", "[]", 0, 4), 5), "4 bytes of tensors");

    [Fact]
    public void Parse_TruncatedTensor_Throws() =>
        AssertRefused(FileOfOne(Entry("F32", "[]", 0, 4), 3), "4 bytes of tensors");

    [Fact]
    public void Parse_NameWithTerminalEscape_KeepsMessageOneCleanLine()
    {
        byte[] bytes = FileOfOne(Entry("F32", "[]", 0, 4), 8, name: "a\\u001b[31m\\nb");

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Parse(bytes, "m.safetensors"));

        Assert.DoesNotContain(exception.Message, char.IsControl);
    }

    [Fact]
    public void Parse_NameOfMegabytes_KeepsMessageShort()
    {
        byte[] bytes = FileOfOne(Entry("F32", "[]", 0, 4), 8, name: new string('a', 5_000_000));

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Parse(bytes, "m.safetensors"));

        Assert.InRange(exception.Message.Length, 1, 500);
    }

    [Fact]
    public void Parse_AnyDamage_ThrowsModelFormatExceptionOrReads()
    {
        byte[] sound = Tiny().ToBytes();
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample(
            (at, value, length) =>
            {
                byte[] bytes = [.. sound];
                bytes[at] = value;

                Exception? exception = Record.Exception(() => SafeTensorsFile.Parse(bytes.AsMemory(0, length), "x"));

                Assert.True(exception is null or ModelFormatException, $"{exception}");
            },
            seed: "0000000000003", iter: 5000);
    }

    [Fact]
    public void Write_ThenRead_GivesSameBytes()
    {
        using var folder = new TemporaryFolder();

        Tiny().Write(folder["m.safetensors"]);

        Assert.Equal(Tiny().ToBytes(), SafeTensorsFile.Read(folder["m.safetensors"]).ToBytes());
        Assert.Equal(["m.safetensors"], folder.Names);
    }

    private static SafeTensorsFile Tiny() => new(
        [
            new("conv.weight", [1, 1, 2, 2], [0.1f, 0.2f, 0.3f, float.PositiveInfinity]),
            new("bn.weight", [2], [1, -0.5f]),
        ],
        [new("bn.num_batches_tracked", 469)]);

    private static void AssertRefused(byte[] bytes, string reason)
    {
        ModelFormatException exception =
            Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Parse(bytes, "m.safetensors"));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("m.safetensors: expected ", exception.Message, StringComparison.Ordinal);
    }

    private static string Entry(string dataType, string shape, long begin, long end) =>
        $$"""{"dtype":"{{dataType}}","shape":{{shape}},"data_offsets":[{{begin}},{{end}}]}""";

    private static byte[] FileOfOne(string entry, int dataBytes, string name = "a") =>
        FileOf($"{{\"{name}\":{entry}}}", dataBytes);

    private static byte[] FileOfTwo(string a, string b, int dataBytes, string second = "b") =>
        FileOf($"{{\"a\":{a},\"{second}\":{b}}}", dataBytes);

    private static byte[] FileOf(string header, int dataBytes = 0)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. Length((ulong)text.Length), .. text, .. new byte[dataBytes]];
    }

    private static byte[] Length(ulong length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static float[] Floats(ReadOnlySpan<uint> bits)
    {
        float[] values = new float[bits.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle(bits[i]);
        }

        return values;
    }

    private static string Bits(float[] values) => string.Join(',', values.Select(BitConverter.SingleToUInt32Bits));
}
