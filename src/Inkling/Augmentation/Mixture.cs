using Inkling.Preprocessing;

namespace Inkling.Augmentation;

/// <summary>What of a training image is another one.</summary>
/// <param name="Partner">Index of the other image.</param>
/// <param name="Share">Part of the label that stays, 0 to 1; of the pixels too, without a box.</param>
/// <param name="Box">Where the other's pixels are pasted; null to blend the two everywhere.</param>
internal readonly record struct Mixture(int Partner, double Share, ImageBox? Box)
{
    /// <summary>Joins two finished images.</summary>
    /// <param name="planes">Changed.</param>
    /// <param name="layout">Of <paramref name="planes"/>.</param>
    /// <param name="partner">The other image.</param>
    /// <param name="partnerLayout">Of <paramref name="partner"/>; the same grid.</param>
    /// <param name="channels">Planes of each.</param>
    public void Apply(
        Span<float> planes, in PlaneLayout layout, ReadOnlySpan<float> partner, in PlaneLayout partnerLayout, int channels)
    {
        (int left, int top, int right, int bottom) = (Box ?? ImageBox.Whole).On(layout);
        float share = Box is null ? (float)Share : 0;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int row = top; row < bottom; row++)
            {
                Span<float> target = planes.Slice(channel * layout.PlaneStride + row * layout.RowStride + left, right - left);
                ReadOnlySpan<float> other = partner.Slice(
                    channel * partnerLayout.PlaneStride + row * partnerLayout.RowStride + left, right - left);
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = MathF.FusedMultiplyAdd(share, target[i] - other[i], other[i]);
                }
            }
        }
    }
}
