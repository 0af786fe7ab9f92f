namespace Inkling.Data;

/// <summary>
/// The test images, unread until <see cref="Open"/> is called. A run opens them once, at its end, and reports the count,
/// so that anyone can see that nothing was chosen by looking at them.
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class SealedSplit
{
    private readonly Lazy<ImageSet> _images;
    private int _openings;

    /// <summary>Seals images behind the function that reads them. It runs at the first opening only.</summary>
    public SealedSplit(Func<ImageSet> load) => _images = new Lazy<ImageSet>(load);

    private SealedSplit(Lazy<ImageSet> images) => _images = images;

    /// <summary>How often the images were handed out.</summary>
    public int Openings => Volatile.Read(ref _openings);

    /// <summary>The same images under another seal, which has not been opened.</summary>
    internal SealedSplit Again() => new(_images);

    /// <summary>Reads the images, checks and hashes their files, and counts one opening.</summary>
    /// <exception cref="DataFormatException">The files are not what they claim to be; no opening is counted.</exception>
    public ImageSet Open()
    {
        ImageSet opened = _images.Value;
        Interlocked.Increment(ref _openings);
        return opened;
    }
}
