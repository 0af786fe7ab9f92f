namespace Inkling.Data.Idx;

/// <summary>A file in the IDX format, on disk or embedded.</summary>
/// <param name="Name">Its usual name, the key of its hash: <c>train-images-idx3-ubyte</c>, whatever the spelling on disk.</param>
/// <param name="Path">How messages call it.</param>
/// <param name="Open">Opens it at its start, raw or gzip-compressed, as a seekable stream.</param>
internal sealed record IdxFile(string Name, string Path, Func<Stream> Open);

/// <summary>The content of an IDX file of unsigned bytes.</summary>
/// <param name="Shape">Sizes of the dimensions, slowest first: [N] for labels, [N, H, W] for images. None is zero.</param>
/// <param name="Values">The elements, row-major.</param>
/// <param name="Sha256">Hash of the whole raw (decompressed) file, lower-case hexadecimal.</param>
internal sealed record IdxArray(int[] Shape, byte[] Values, string Sha256);
