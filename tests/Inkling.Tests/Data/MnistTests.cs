using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Mnist;
using Inkling.Preprocessing;

namespace Inkling.Tests.Data;

// Golden hashes: computed from the raw files by a separate program in Python, from the definitions in docs/data.md.
public class MnistTests(MnistFixture mnist) : IClassFixture<MnistFixture>
{
    [Fact]
    public void Load_Train_HasThePublishedCountsShapeAndHashes()
    {
        ImageSet train = mnist.Dataset.Train;

        Assert.Equal((60_000, 1, 28, 28, 10), (train.Count, train.Channels, train.Height, train.Width, train.ClassCount));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], CountPerClass(train));
        Assert.Equal(
            [MnistFiles.TrainImages.Sha256, MnistFiles.TrainLabels.Sha256],
            train.FileHashes.Values);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], mnist.Dataset.ClassNames);
    }

    [Fact]
    public void Load_Test_HasThePublishedCountsShapeAndHashes()
    {
        ImageSet test = mnist.Dataset.Test!.Open();

        Assert.Equal((10_000, 1, 28, 28, 10), (test.Count, test.Channels, test.Height, test.Width, test.ClassCount));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], CountPerClass(test));
        Assert.Equal(
            [MnistFiles.TestImages.Sha256, MnistFiles.TestLabels.Sha256],
            test.FileHashes.Values);
    }

    [Fact]
    public void Fingerprint_OfBothSets_IsGolden()
    {
        Assert.Equal("7c1b73069945cfa512709f3f0ec30c7f32b8069a4a55120b09a4a107aa04a00c", mnist.Dataset.Train.Fingerprint);
        Assert.Equal("142aae97bc2c5e5cd58bbce47e069c72b61de7992ce224e936f7571eb38d9c52", mnist.Dataset.Test!.Open().Fingerprint);
    }

    [Fact]
    public void Fingerprint_Train_FollowsItsDefinition()
    {
        ImageSet train = mnist.Dataset.Train;
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write("INKIMG01"u8);
        foreach (int size in (int[])[60_000, 1, 28, 28])
        {
            writer.Write(size);
        }

        writer.Write(train.Pixels);
        foreach (int label in train.Labels)
        {
            writer.Write(label);
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content.ToArray())), train.Fingerprint);
    }

    [Fact]
    public void Stratified_Mnist_IsGolden()
    {
        DataSplit split = DataSplit.Stratified(mnist.Dataset.Train.Labels, classCount: 10, validationCount: 5_000, seed: 1);

        Assert.Equal((55_000, 5_000), (split.Train.Length, split.Validation.Length));
        Assert.Equal("5451e1e575f360217efcfa44202b1d557f2d05530cb7c82cd56caa8a3d56c80e", split.Hash);
    }

    [Fact]
    public void Measure_WholeTrainingSet_GivesTheWellKnownNumbers()
    {
        DataSplit everything = DataSplit.Stratified(mnist.Dataset.Train.Labels, classCount: 10, validationCount: 0, seed: 1);

        Normalization normalization = Normalization.Measure(mnist.Dataset.Train, everything.Train);

        Assert.Equal(0.1307, normalization.Mean[0], 4);
        Assert.Equal(0.3081, normalization.StandardDeviation[0], 4);
    }

    private static int[] CountPerClass(ImageSet set)
    {
        int[] counts = new int[set.ClassCount];
        foreach (int label in set.Labels)
        {
            counts[label]++;
        }

        return counts;
    }
}

/// <summary>MNIST, unpacked once for the tests that need all of it.</summary>
public sealed class MnistFixture
{
    public ImageDataset Dataset { get; } = Datasets.Load("mnist");
}
