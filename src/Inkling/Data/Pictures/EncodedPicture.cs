namespace Inkling.Data.Pictures;

/// <summary>A labelled picture as its file holds it.</summary>
/// <param name="Name">Its path within the dataset, <c>/</c> between the parts; no two are equal.</param>
/// <param name="Path">How messages call it.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Bytes">The whole file.</param>
internal readonly record struct EncodedPicture(string Name, string Path, int Label, byte[] Bytes);

/// <summary>The pictures of one split, which can be gone through any number of times, always in the same order.</summary>
/// <param name="Part">What its files' hash is called in the lock, e.g. <c>train/</c>.</param>
/// <param name="Read">Reads one after the other.</param>
/// <param name="Ignored">Files beside them that are no pictures by their names.</param>
internal sealed record PictureSource(string Part, Func<IEnumerable<EncodedPicture>> Read, IReadOnlyList<string> Ignored);
