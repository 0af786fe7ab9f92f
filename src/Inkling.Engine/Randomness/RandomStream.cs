namespace Inkling.Engine;

/// <summary>
/// Random numbers that depend on who asks, never on who asked before: draw <c>index</c> of a stream is a pure function
/// of (seed, purpose, epoch, sample, index).
/// </summary>
/// <param name="Seed">The recipe's seed; the generator's key.</param>
/// <param name="Purpose">What the numbers are for, so that no two uses share them.</param>
/// <param name="Epoch">Epoch or step, 0 where time plays no part.</param>
/// <param name="Sample">Index of the image or parameter, 0 where there is none.</param>
public readonly record struct RandomStream(ulong Seed, RandomPurpose Purpose, uint Epoch = 0, uint Sample = 0)
{
    /// <summary>32 random bits.</summary>
    public uint Bits(uint index)
    {
        PhiloxBlock block = Block(index / 4);
        return (index % 4) switch { 0 => block.X0, 1 => block.X1, 2 => block.X2, _ => block.X3 };
    }

    /// <summary>The four words that hold draws 4·<paramref name="block"/> to 4·<paramref name="block"/> + 3.</summary>
    public PhiloxBlock Block(uint block) =>
        Philox.Generate(new PhiloxBlock(block, Sample, Epoch, (uint)Purpose), (uint)Seed, (uint)(Seed >> 32));

    /// <summary>Draws from 4·<paramref name="block"/> on, as many as fit: a multiple of four.</summary>
    public void Bits(uint block, Span<uint> words) =>
        Philox.Generate(new PhiloxBlock(block, Sample, Epoch, (uint)Purpose), (uint)Seed, (uint)(Seed >> 32), words);

    /// <summary>Uniform in [0, 1) with 24 bits, so that the value is exact in single precision.</summary>
    public float Uniform(uint index) => (Bits(index) >> 8) * (1f / (1 << 24));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Uniform(uint index, double low, double high) => low + (high - low) * Uniform(index);

    /// <summary>Uniform integer in [0, <paramref name="bound"/>), by multiplication and shift (bias below bound / 2³²).</summary>
    public int Integer(uint index, int bound) => (int)((ulong)Bits(index) * (uint)bound >> 32);

    /// <summary>A permutation of 0 … <paramref name="count"/> − 1 (Fisher and Yates, as published by Durstenfeld 1964).</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (int i = count - 1; i > 0; i--)
        {
            int j = Integer((uint)i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}

/// <summary>What a random number is for. Numbers are part of the numeric contract: never renumber.</summary>
public enum RandomPurpose : uint
{
    /// <summary>Which training images become the validation split.</summary>
    Split = 1,

    /// <summary>The order of the training images in an epoch.</summary>
    Shuffle = 2,

    /// <summary>The parameters of one image's augmentation.</summary>
    Augmentation = 3,

    /// <summary>Initial weights; one sub-stream per parameter tensor.</summary>
    Initialization = 4,

    /// <summary>Dropout masks.</summary>
    Dropout = 5,

    /// <summary>Whether an image is mirrored.</summary>
    Mirror = 16,

    /// <summary>An image's perspective.</summary>
    Perspective = 17,

    /// <summary>An image's elastic distortion.</summary>
    ElasticDistortion = 18,

    /// <summary>Thickness of an image's strokes.</summary>
    StrokeThickness = 19,

    /// <summary>An image's contrast and brightness.</summary>
    Tone = 20,

    /// <summary>An image's blur.</summary>
    Blur = 21,

    /// <summary>Noise of an image's pixels.</summary>
    PixelNoise = 22,

    /// <summary>The square that is cut out of an image.</summary>
    Cutout = 23,

    /// <summary>Which image is mixed into another, and how much of it.</summary>
    Mixup = 24,

    /// <summary>Which image is pasted into another, and where.</summary>
    Cutmix = 25,

    /// <summary>Which samples a bootstrap draws; no weight depends on it.</summary>
    Bootstrap = 40,

    /// <summary>How an image is corrupted to judge a model by; no weight depends on it.</summary>
    Corruption = 41,
}
