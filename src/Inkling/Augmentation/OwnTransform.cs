using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>Changes one image in place.</summary>
/// <param name="image">[C, H, W] bytes.</param>
/// <param name="shape">Channels, height and width.</param>
/// <param name="random">
/// The image's own stream. Whatever is random has to come from it: then the change is a pure function of seed, transform, epoch
/// and image, and training can be repeated. A change that computes in floating point must keep to docs/numerics.md.
/// </param>
public delegate void ImageChange(Span<byte> image, Shape shape, RandomStream random);

/// <summary>A transform that the library doesn't have. It works on an image's bytes, after the library's own that do.</summary>
/// <remarks>
/// A recipe and a lock hold its name and its settings, not its code: whoever rebuilds the model has to bring the same one,
/// in <c>TrainingRunOptions.Transforms</c> or <c>VerificationOptions.Transforms</c>. Change the name when the code changes.
/// </remarks>
public sealed record OwnTransform
{
    private const uint FirstPurpose = 1u << 31;

    private const string NameDescription = "1 to 100 lower-case letters, digits and '_'";

    /// <summary>Its keys in a recipe; what it does stands in none.</summary>
    internal static JsonShape<OwnTransform> Json { get; } = new JsonShape<OwnTransform>(
        new("faulty", new Dictionary<string, double>(), null))
        .Required(
            "name",
            TextWhere(IsName, NameDescription),
            x => x.Name,
            (x, v) => IsName(v) ? new(v, x.Settings, null) : x)
        .Required(
            "settings",
            Map(Number(), name => IsName(name) ? null : $"expected names of {NameDescription}; found {name}"),
            x => x.Settings,
            (x, v) => new(x.Name, v.Where(setting => IsName(setting.Key)).ToDictionary(), null));

    /// <param name="name">What a lock calls it: 1 to 100 lower-case letters, digits and <c>_</c>.</param>
    /// <param name="settings">All numbers that decide what it does.</param>
    /// <param name="change">What it does; called by several threads at once. Null if only name and settings are known.</param>
    /// <exception cref="ArgumentException">The name has other characters, or a setting isn't a finite number.</exception>
    public OwnTransform(string name, IReadOnlyDictionary<string, double> settings, ImageChange? change)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(settings);
        if (!IsName(name))
        {
            throw new ArgumentException($"{name}: expected 1 to 100 lower-case letters, digits and '_'.", nameof(name));
        }

        if (settings.FirstOrDefault(setting => !IsName(setting.Key) || !double.IsFinite(setting.Value)) is { Key: { } key })
        {
            throw new ArgumentException(
                $"{name}.{key}: expected a name of lower-case letters, digits and '_', and a finite number.", nameof(settings));
        }

        (Name, Settings, Change) = (name, settings.ToDictionary(), change);
    }

    /// <summary>What a lock calls it.</summary>
    public string Name { get; }

    /// <summary>All numbers that decide what it does.</summary>
    public IReadOnlyDictionary<string, double> Settings { get; }

    /// <summary>What it does; null if it comes from a file and hasn't been brought.</summary>
    public ImageChange? Change { get; }

    /// <summary>The stream that it draws from: its name's, so that others don't move it.</summary>
    internal RandomPurpose Purpose
    {
        get
        {
            // FNV-1a, 32 bits (Fowler, Noll, Vo); the upper half of the purposes is for transforms of this kind.
            uint hash = 2166136261;
            foreach (char c in Name)
            {
                hash = (hash ^ c) * 16777619;
            }

            return (RandomPurpose)(hash | FirstPurpose);
        }
    }

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>Whether it is what a file names.</summary>
    internal bool Is(OwnTransform other) =>
        Name == other.Name
        && Settings.Count == other.Settings.Count
        && Settings.All(setting => other.Settings.TryGetValue(setting.Key, out double value) && value.Equals(setting.Value));
}
