using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Packages;
using Inkling.Tests.Engine.Support;
using Inkling.Tests.Support;

namespace Inkling.Tests;

public sealed class ImageClassifierTests
{
    private const int Threads = 16;

    [Theory]
    [InlineData(100)]
    [InlineData(10_000, Explicit = true)]
    public void Predict_SixteenThreadsAtOnce_GivesEachTheAnswerItGetsAlone(int predictions)
    {
        DecodedImage[] pictures = [.. Enumerable.Range(0, 20).Select(number => Strokes(number))];
        using ImageClassifier classifier = ImageClassifier.Load(Repository.Path("models/default"));
        Prediction[] expected = [.. pictures.Select(classifier.Predict)];
        Assert.True(expected.DistinctBy(prediction => prediction.Probability).Count() > 15, "the pictures are too much alike");

        AtOnce.Run(Threads, thread =>
        {
            for (int i = 0; i < predictions; i++)
            {
                int picture = (7 * thread + 3 * i) % pictures.Length;
                AssertSame(expected[picture], classifier.Predict(pictures[picture]), $"thread {thread}, prediction {i}");
            }
        });
    }

    [Fact]
    public void Predict_BesideAnother_CostsAtMostTwoMegabytes()
    {
        using var package = ModelPackage.Open(Repository.Path("models/default"));
        using var worker = new ChunkWorker(package.Weights.Network, chunkSize: 1, KernelSet.For(SimdSupport.Best), training: false);

        Assert.InRange(worker.LengthBytes, 1, 2 * 1000 * 1000);
    }

    private static void AssertSame(Prediction expected, Prediction actual, string what)
    {
        Assert.Equal(expected.Ranking.Select(entry => entry.Label), actual.Ranking.Select(entry => entry.Label));
        Numbers.AssertSameBits(
            [.. expected.Ranking.Select(entry => entry.Probability)], [.. actual.Ranking.Select(entry => entry.Probability)], what);
    }

    /// <summary>Dark bars on white, different for every number.</summary>
    private static DecodedImage Strokes(int number)
    {
        const int Size = 40;
        byte[] pixels = new byte[Size * Size];
        Array.Fill(pixels, (byte)255);
        for (int i = 0; i < 28; i++)
        {
            for (int thick = 0; thick < 4; thick++)
            {
                pixels[(6 + i) * Size + 8 + number + (i * (number % 4) / 4 + thick) % 12] = 0;
                pixels[(8 + number + thick) * Size + 6 + i * (1 + number % 3) / 3] = 0;
            }
        }

        return new DecodedImage(Size, Size, 1, pixels);
    }
}
