using System.Diagnostics;
using System.Globalization;
using Inkling.Data;
using Inkling.Duplicates;
using Inkling.Engine;
using Inkling.Quality;

namespace Inkling.Benchmarks;

/// <summary>
/// How time and memory of the data check grow with the number of 28×28 images; a row a process, since memory is of a process.
/// </summary>
internal static class DataCheckScale
{
    private const int Side = 28;
    private const int Length = Side * Side;
    private const int Classes = 10;

    /// <summary>Checks a generated set without looking for label errors.</summary>
    /// <param name="count">Images, a tenth of them for testing; every thousandth is a copy of its predecessor, a little darker.</param>
    public static void Run(int count)
    {
        int tests = count / 10;
        ImageSet train = Generate(0, count - tests);
        ImageSet test = Generate(count - tests, tests);
        string[] names = [.. Enumerable.Range(0, Classes).Select(k => $"{k}")];
        var dataset = new ImageDataset("generated", names, train, () => test);
        double before = PeakMegabytes();
        using var team = new WorkerTeam(Environment.ProcessorCount);

        var watch = Stopwatch.StartNew();
        int[] equal = ExactDuplicates.FirstEqual(train.ToThumbnails());
        int pairs = NearDuplicates.Find(train.ToThumbnails(), equal).Count;
        double duplicates = watch.Elapsed.TotalSeconds;
        watch.Restart();
        QualityReport report = QualityAnalysis.Run(dataset, new QualityOptions { LabelErrors = false }, team);
        double check = watch.Elapsed.TotalSeconds;

        Console.WriteLine("| images | pixels, MB | before, MB | peak, MB | besides the images, bytes each | near duplicates of training images, s | pairs | whole check, s | groups |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {count:N0} | {count * (double)Length / 1e6:F0} | {before:F0} | {PeakMegabytes():F0} | {(PeakMegabytes() - before) * 1e6 / count:F0} | {duplicates:F1} | {pairs:N0} | {check:F1} | {report.Duplicates.Count:N0} |"));
    }

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    private static ImageSet Generate(int first, int count)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(count * Length);
        int[] labels = new int[count];
        Parallel.For(0, count, i =>
        {
            int number = first + i;
            labels[i] = number % Classes;
            Draw(number % 1000 == 999 ? number - 1 : number, number % 1000 == 999, pixels.AsSpan(i * Length, Length));
        });
        return new ImageSet(1, Side, Side, Classes, pixels, labels, new Dictionary<string, string>());
    }

    /// <summary>Five strokes between random points, as wide as a pen's.</summary>
    private static void Draw(int number, bool darker, Span<byte> image)
    {
        image.Clear();
        var random = new RandomStream(3, RandomPurpose.Augmentation, Sample: (uint)number);
        for (uint stroke = 0; stroke < 5; stroke++)
        {
            double x = random.Uniform(4 * stroke, 5, 23);
            double y = random.Uniform(4 * stroke + 1, 5, 23);
            double stepX = (random.Uniform(4 * stroke + 2, 5, 23) - x) / 24;
            double stepY = (random.Uniform(4 * stroke + 3, 5, 23) - y) / 24;
            for (int step = 0; step < 24; step++, x += stepX, y += stepY)
            {
                for (int dot = 0; dot < 4; dot++)
                {
                    image[((int)y + dot / 2) * Side + (int)x + dot % 2] = darker ? (byte)210 : (byte)230;
                }
            }
        }
    }
}
