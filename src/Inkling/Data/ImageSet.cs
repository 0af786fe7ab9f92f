using System.Collections.ObjectModel;
using System.Security.Cryptography;
using Inkling.Duplicates;
using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Preprocessing;

namespace Inkling.Data;

/// <summary>Labelled images of one size, decoded and in memory. Immutable.</summary>
public sealed class ImageSet : IRawImages
{
    // Names the layout that Fingerprint hashes: a change of layout is a change of name.
    private static ReadOnlySpan<byte> FingerprintFormat => "INKIMG01"u8;

    private static ReadOnlySpan<byte> SubsetFormat => "INKSUB01"u8;

    private readonly byte[] _pixels;
    private readonly int[] _labels;

    /// <summary>Takes over the two arrays: the caller must not write to them any more.</summary>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="classCount">Number of classes; every label is below it.</param>
    /// <param name="pixels">[N, C, H, W], row-major, 0 to 255.</param>
    /// <param name="labels">[N], in the order of the images.</param>
    /// <param name="fileHashes">File name → SHA-256 of the raw (decompressed) file, lower-case hexadecimal.</param>
    /// <param name="origin">What the images were before they were brought to one size; null if they always were what they are.</param>
    /// <exception cref="ArgumentException">The sizes disagree, or a label is out of range.</exception>
    public ImageSet(
        int channels, int height, int width, int classCount, byte[] pixels, int[] labels,
        IReadOnlyDictionary<string, string> fileHashes, ImageOrigin? origin = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(fileHashes);
        if (pixels.LongLength != (long)labels.Length * channels * height * width)
        {
            throw new ArgumentException(
                $"{labels.Length} images of {channels}×{height}×{width} expected, got {pixels.Length} pixels.", nameof(pixels));
        }

        if (origin is not null && (origin.Names.Count != labels.Length || origin.Shapes.Count != labels.Length))
        {
            throw new ArgumentException($"The origin of {labels.Length} images expected, got {origin.Names.Count}.", nameof(origin));
        }

        if (labels.AsSpan().ContainsAnyExceptInRange(0, classCount - 1))
        {
            throw new ArgumentException($"Labels from 0 to {classCount - 1} expected, got others.", nameof(labels));
        }

        Channels = channels;
        Height = height;
        Width = width;
        ClassCount = classCount;
        FileHashes = new ReadOnlyDictionary<string, string>(
            new SortedDictionary<string, string>(fileHashes.ToDictionary(), StringComparer.Ordinal));
        Origin = origin;
        _pixels = pixels;
        _labels = labels;
    }

    /// <summary>N, the number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>C: 1 for grey.</summary>
    public int Channels { get; }

    /// <summary>H, in pixels.</summary>
    public int Height { get; }

    /// <summary>W, in pixels.</summary>
    public int Width { get; }

    /// <summary>C·H·W, the bytes of one image.</summary>
    public int ImageLength => Channels * Height * Width;

    /// <summary>Number of classes; labels run from 0 to one below it.</summary>
    public int ClassCount { get; }

    /// <summary>All pixels, [N, C, H, W], row-major, 0 to 255.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>All labels, [N].</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>File name → SHA-256 of the raw (decompressed) file, in ordinal order of the names.</summary>
    public IReadOnlyDictionary<string, string> FileHashes { get; }

    /// <summary>What the images were before they were brought to one size; null if they always were what they are.</summary>
    public ImageOrigin? Origin { get; }

    internal ReadOnlyMemory<byte> PixelMemory => _pixels;

    /// <summary>Identity of the decoded content, whatever files it came from; lower-case hexadecimal.</summary>
    /// <remarks>
    /// That of <see cref="Origin"/> if there is one. Otherwise:
    /// SHA-256 of: the eight bytes <c>INKIMG01</c>; N, C, H, W as little-endian 32-bit integers; the pixels;
    /// the labels as little-endian 32-bit integers.
    /// </remarks>
    public string Fingerprint => field ??= Origin?.Fingerprint ?? ComputeFingerprint();

    /// <summary>One image, [C, H, W].</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in [0, N).</exception>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _pixels.AsSpan(index * ImageLength, ImageLength);
    }

    /// <summary>One label.</summary>
    public int Label(int index) => _labels[index];

    /// <summary>What messages and reports call an image: its name in the dataset, or <c>#</c> and its index.</summary>
    public string NameOf(int index) => Origin?.Names[index] ?? $"#{index}";

    /// <summary>A set of some of the images, in the order of <paramref name="indices"/>.</summary>
    /// <remarks>
    /// With an <see cref="Origin"/> its fingerprint is the SHA-256 of the eight bytes <c>INKSUB01</c>, this set's fingerprint,
    /// the number of indices and the indices as little-endian 32-bit integers: what the pictures were is no
    /// longer there to be hashed.
    /// </remarks>
    public ImageSet Subset(ReadOnlySpan<int> indices)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(indices.Length * ImageLength);
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * ImageLength));
            labels[i] = _labels[indices[i]];
        }

        ImageOrigin? origin = Origin?.Subset(indices, SubsetFingerprint(indices));
        return new ImageSet(Channels, Height, Width, ClassCount, pixels, labels, FileHashes, origin);
    }

    /// <summary>
    /// Small copies: of the pictures as they came if it has an <see cref="Origin"/>, the images themselves if they are that small.
    /// </summary>
    public Thumbnails ToThumbnails()
    {
        if (Origin is { } origin)
        {
            return origin.Thumbnails;
        }

        var shape = new Shape(Channels, Math.Min(Height, Thumbnails.MaxSide), Math.Min(Width, Thumbnails.MaxSide));
        if (shape.Count == ImageLength)
        {
            return new Thumbnails(shape, _pixels);
        }

        var resize = new BilinearResize(Height, Width, shape.Height, shape.Width);
        byte[] pixels = new byte[(long)Count * shape.Count];
        int source = Height * Width;
        int target = shape.Height * shape.Width;
        Parallel.For(0, Count, i =>
        {
            for (int c = 0; c < shape.Channels; c++)
            {
                resize.Resize(
                    Image(i).Slice(c * source, source), 1, pixels.AsSpan(i * shape.Count + c * target, target));
            }
        });
        return new Thumbnails(shape, pixels);
    }

    private string SubsetFingerprint(ReadOnlySpan<int> indices)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SubsetFormat);
        hash.AppendData(Convert.FromHexString(Fingerprint));
        hash.AppendInt32(indices.Length);
        hash.AppendInt32(indices);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(FingerprintFormat);
        hash.AppendInt32(Count, Channels, Height, Width);
        hash.AppendData(_pixels);
        hash.AppendInt32(_labels);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
