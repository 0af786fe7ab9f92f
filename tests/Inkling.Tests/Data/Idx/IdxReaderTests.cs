using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using Inkling.Data;
using Inkling.Data.Idx;
using Inkling.Tests.Support;

namespace Inkling.Tests.Data.Idx;

/// <summary>One test per way in which an IDX file can lie.</summary>
public class IdxReaderTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly byte[] Images = IdxBytes.Images(count: 3, height: 4, width: 5);

    [Fact]
    public void Read_RawImages_GivesShapeValuesAndHash()
    {
        IdxArray array = IdxReader.Read(IdxBytes.File(Images), rank: 3);

        Assert.Equal([3, 4, 5], array.Shape);
        Assert.Equal(Images[16..], array.Values);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Images)), array.Sha256);
    }

    [Fact]
    public void Read_GzippedImages_GivesTheSameAsRaw()
    {
        IdxArray raw = IdxReader.Read(IdxBytes.File(Images), rank: 3);

        IdxArray unpacked = IdxReader.Read(IdxBytes.File(IdxBytes.Gzip(Images)), rank: 3);

        Assert.Equal(raw.Shape, unpacked.Shape);
        Assert.Equal(raw.Values, unpacked.Values);
        Assert.Equal(raw.Sha256, unpacked.Sha256);
    }

    [Fact]
    public void Read_EmptyFile_Throws() => AssertFault([], offset: 0, actual: "the end of the file");

    [Fact]
    public void Read_TruncatedMagic_Throws() => AssertFault(Images[..3], offset: 3, actual: "the end of the file");

    [Fact]
    public void Read_TruncatedHeader_Throws() => AssertFault(Images[..14], offset: 14, actual: "the end of the file");

    [Fact]
    public void Read_NonZeroStart_Throws() => AssertFault(With(Images, 1, 0x50), offset: 0, actual: "00 50");

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x09)]
    [InlineData(0x0D)]
    public void Read_OtherElementType_Throws(byte type) => AssertFault(With(Images, 2, type), offset: 2, actual: $"{type:X2}");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(255)]
    public void Read_OtherRank_Throws(byte rank) => AssertFault(With(Images, 3, rank), offset: 3, actual: $"{rank}");

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void Read_ZeroDimension_Throws(int offset) => AssertFault(WithSize(Images, offset, 0), offset, actual: "0");

    [Fact]
    public void Read_DimensionAboveCap_Throws() =>
        AssertFault(WithSize(Images, 4, uint.MaxValue), offset: 4, actual: "1 × 4294967295");

    [Fact]
    public void Read_ProductOverflowing64Bits_Throws()
    {
        byte[] bytes = IdxBytes.Write([0x8000_0000 >> 1, 0x8000_0000, 0x8000_0000], [1]);

        AssertFault(bytes, offset: 8, actual: "1073741824 × 2147483648");
    }

    [Fact]
    public void Read_ProductAboveCap_Throws() =>
        AssertFault(IdxBytes.Write([65536, 256, 128], [1]), offset: 12, actual: "16777216 × 128");

    [Fact]
    public void Read_HugeCountInSmallFile_ThrowsBeforeAllocating()
    {
        byte[] bytes = WithSize(Images, 4, 100_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertFault(bytes, offset: Images.Length, actual: $"{Images.Length}");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_HugeCountInSmallGzip_ThrowsBeforeAllocating()
    {
        byte[] bytes = IdxBytes.Gzip(WithSize(Images, 4, 100_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), 16 + 100_000_000u * 20);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertFault(bytes, offset: null, actual: "2000000016 declared");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_TruncatedBody_Throws() => AssertFault(Images[..^1], offset: 75, actual: "75");

    [Fact]
    public void Read_TrailingByte_Throws() => AssertFault([.. Images, 0], offset: 76, actual: "77");

    [Fact]
    public void Read_GzippedTruncatedBody_Throws() =>
        AssertFault(IdxBytes.Gzip(Images[..^1]), offset: null, actual: "one that ends with length 75");

    [Fact]
    public void Read_GzippedTrailingByte_Throws() =>
        AssertFault(IdxBytes.Gzip([.. Images, 0]), offset: null, actual: "one that ends with length 77");

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(20)]
    public void Read_GzipCutShort_Throws(int missing) => AssertFault(IdxBytes.Gzip(Images)[..^missing]);

    [Fact]
    public void Read_BytesAfterGzip_Throws() => AssertFault([.. IdxBytes.Gzip(Images), 1, 2, 3, 4]);

    [Fact]
    public void Read_SecondGzipMember_Throws() => AssertFault([.. IdxBytes.Gzip(Images), .. IdxBytes.Gzip([7])]);

    [Fact]
    public void Read_GzipMagicOnly_Throws() => AssertFault([0x1F, 0x8B], offset: 0, actual: "the end of the file");

    [Fact]
    public void Read_GzipWithUnknownMethod_Throws() =>
        AssertFault(With(IdxBytes.Gzip(Images), 2, 7), offset: null, actual: "a damaged one");

    [Fact]
    public void Read_GzipWithWrongChecksum_Throws()
    {
        byte[] bytes = IdxBytes.Gzip(Images);
        bytes[^8] ^= 1;

        AssertFault(bytes, offset: null, actual: "a damaged one");
    }

    [Fact]
    public void Read_GzipBombWithForgedLength_StopsAfterTheDeclaredSize()
    {
        byte[] bomb = IdxBytes.Gzip(IdxBytes.Write([3, 4, 5], new byte[50_000_000]));
        BinaryPrimitives.WriteUInt32LittleEndian(bomb.AsSpan(bomb.Length - 4), 76);
        var stored = new WatchedStream(bomb);

        var fault = Assert.Throws<DataFormatException>(
            () => IdxReader.Read(new IdxFile("name", "somewhere", () => stored), rank: 3));

        Assert.Equal(76, fault.OffsetBytes);
        Assert.InRange(stored.BytesRead, 1, bomb.Length / 2);
    }

    [Fact]
    public void Read_Fault_IsOneLineWithPlaceExpectedGotAndAdvice()
    {
        var fault = Assert.Throws<DataFormatException>(() => IdxReader.Read(IdxBytes.File(With(Images, 3, 1)), rank: 3));

        Assert.Equal(
            "Reading somewhere at byte 3: expected 3 dimensions, got 1. Images have 3 and labels have 1: are the two files swapped?",
            fault.Message);
        Assert.Equal(("somewhere", "3 dimensions", "1"), (fault.Path, fault.Expected, fault.Actual));
    }

    [Fact]
    public void Read_AnyShape_RoundTrips() =>
        (from n in Gen.UInt[1, 9]
         from h in Gen.UInt[1, 9]
         from w in Gen.UInt[1, 9]
         from values in Gen.Byte.Array[(int)(n * h * w)]
         from isGzip in Gen.Bool
         select (Shape: new[] { n, h, w }, Values: values, IsGzip: isGzip)).ForAll(
            Seed, count: 500, file =>
            {
                byte[] raw = IdxBytes.Write(file.Shape, file.Values);

                IdxArray array = IdxReader.Read(IdxBytes.File(file.IsGzip ? IdxBytes.Gzip(raw) : raw), rank: 3);

                Assert.Equal(file.Shape, array.Shape.Select(size => (uint)size));
                Assert.Equal(file.Values, array.Values);
            });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_AnyMutation_ReadsOrThrowsDataFormatException(bool isGzip)
    {
        byte[] valid = isGzip ? IdxBytes.Gzip(Images) : Images;

        Mutations(valid).ForAll(
            Seed, count: 5_000, bytes =>
            {
                try
                {
                    IdxReader.Read(IdxBytes.File(bytes), rank: 3);
                }
                catch (DataFormatException)
                {
                    // A refusal is the other good outcome; any other exception fails the test.
                }
            });
    }

    /// <summary>One to four edits: set a byte, remove a run, insert bytes.</summary>
    private static Gen<byte[]> Mutations(byte[] valid)
    {
        Gen<Func<byte[], byte[]>> set =
            Gen.Select(
                Gen.Int[0, 1000], Gen.Byte, (at, value) => (Func<byte[], byte[]>)(b => b.Length == 0 ? b : With(b, at % b.Length, value)));
        Gen<Func<byte[], byte[]>> remove =
            Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 12], (at, length) => (Func<byte[], byte[]>)(b =>
                [.. b.Take(at % (b.Length + 1)), .. b.Skip(at % (b.Length + 1) + length)]));
        Gen<Func<byte[], byte[]>> insert =
            Gen.Select(Gen.Int[0, 1000], Gen.Byte.Array[1, 12], (at, bytes) => (Func<byte[], byte[]>)(b =>
                [.. b.Take(at % (b.Length + 1)), .. bytes, .. b.Skip(at % (b.Length + 1))]));
        return Gen.OneOf(set, remove, insert).Array[1, 4].Select(edits => edits.Aggregate(valid, (bytes, edit) => edit(bytes)));
    }

    private static void AssertFault(byte[] bytes, long? offset, string actual)
    {
        var fault = Assert.Throws<DataFormatException>(() => IdxReader.Read(IdxBytes.File(bytes), rank: 3));
        Assert.Equal((offset, actual), (fault.OffsetBytes, fault.Actual));
    }

    private static void AssertFault(byte[] bytes) =>
        Assert.Throws<DataFormatException>(() => IdxReader.Read(IdxBytes.File(bytes), rank: 3));

    private static byte[] With(byte[] bytes, int offset, byte value)
    {
        byte[] changed = [.. bytes];
        changed[offset] = value;
        return changed;
    }

    private static byte[] WithSize(byte[] bytes, int offset, uint size)
    {
        byte[] changed = [.. bytes];
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(offset), size);
        return changed;
    }

    private sealed class WatchedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => Count(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Count(base.Read(buffer));

        private int Count(int read)
        {
            BytesRead += read;
            return read;
        }
    }
}
