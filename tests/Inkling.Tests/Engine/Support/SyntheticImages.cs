using Inkling.Engine;

namespace Inkling.Tests.Engine.Support;

/// <summary>Images from one [N, C, H, W] array.</summary>
internal sealed class SyntheticImages(Shape shape, float[] pixels, int[] labels) : IImageSource
{
    internal static SyntheticImages Random(Shape shape, int count, int classes, ulong seed) => new(
        shape,
        Numbers.Uniform(seed, count * shape.Count, -1, 1),
        [.. Numbers.Integers(seed + 1, count, classes).Select(value => (int)value + classes / 2)]);

    internal float[] Pixels => pixels;

    internal int[] Labels => labels;

    public int Load(int epoch, int sample, ImageView destination)
    {
        int index = sample * shape.Count;
        for (int c = 0; c < shape.Channels; c++)
        {
            for (int h = 0; h < shape.Height; h++)
            {
                for (int w = 0; w < shape.Width; w++)
                {
                    destination[c, h, w] = pixels[index++];
                }
            }
        }

        return labels[sample];
    }
}
