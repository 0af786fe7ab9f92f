namespace Inkling.Augmentation;

/// <summary>The bounds of transforms' settings.</summary>
internal static class AugmentationRange
{
    internal static double Checked(double value, double greatest, string name) => Checked(value, 0, greatest, name);

    internal static double Checked(double value, double least, double greatest, string name) =>
        value >= least && value <= greatest
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {least} and {greatest}.");
}
