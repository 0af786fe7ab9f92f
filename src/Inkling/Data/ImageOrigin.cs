using Inkling.Duplicates;
using Inkling.Engine;

namespace Inkling.Data;

/// <summary>What the images of a set were before they were brought to one size: the facts of their files.</summary>
/// <param name="Names">[N] what a user calls each image: a path within the dataset, <c>/</c> between its parts.</param>
/// <param name="Shapes">[N] channels, height and width of each picture as stored.</param>
/// <param name="Fingerprint">Of the pictures as stored, which no recipe can change; docs/data.md.</param>
/// <param name="Thumbnails">Small copies, for finding duplicates whatever size the images were brought to.</param>
/// <param name="Unreadable">Pictures that could not be decoded and are not in the set.</param>
/// <param name="Ignored">Files that are no pictures by their names.</param>
public sealed record ImageOrigin(
    IReadOnlyList<string> Names,
    IReadOnlyList<Shape> Shapes,
    string Fingerprint,
    Thumbnails Thumbnails,
    IReadOnlyList<UnreadablePicture> Unreadable,
    IReadOnlyList<string> Ignored)
{
    /// <summary>The same of some of the images.</summary>
    internal ImageOrigin Subset(ReadOnlySpan<int> indices, string fingerprint)
    {
        string[] names = new string[indices.Length];
        var shapes = new Shape[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            names[i] = Names[indices[i]];
            shapes[i] = Shapes[indices[i]];
        }

        return this with { Names = names, Shapes = shapes, Fingerprint = fingerprint, Thumbnails = Thumbnails.Subset(indices) };
    }
}

/// <summary>A picture that could not be decoded.</summary>
/// <param name="Name">As in <see cref="ImageOrigin.Names"/>.</param>
/// <param name="Fault">What is wrong with it.</param>
public sealed record UnreadablePicture(string Name, string Fault);
