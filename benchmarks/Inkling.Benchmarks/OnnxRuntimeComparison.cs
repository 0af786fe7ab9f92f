using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Inkling.Diagnostics;
using Inkling.Engine;
using Inkling.Engine.Execution;
using Inkling.Engine.Layers;
using Microsoft.ML.OnnxRuntime;

namespace Inkling.Benchmarks;

/// <summary>Inference against ONNX Runtime with the same weights, in alternating pairs, as a Markdown table.</summary>
internal static class OnnxRuntimeComparison
{
    private const int LargeBatch = 256;
    private const int Classes = 10;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.5);

    internal static void Run(string folder, int pairs)
    {
        Console.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, all optimisations; medians of {pairs} alternating pairs.\n");
        Console.WriteLine("| network | threads | batch | figure | Inkling | ONNX Runtime | times as fast | (lowest to highest pair) |");
        Console.WriteLine("|---|---:|---:|---|---:|---:|---:|---|");
        foreach (ReferenceNetwork reference in ReferenceNetwork.All)
        {
            foreach (int threads in (int[])[1, 2])
            {
                foreach (int batch in (int[])[LargeBatch, 1])
                {
                    Compare(folder, reference, threads, batch, pairs);
                }
            }
        }
    }

    private static void Compare(string folder, ReferenceNetwork reference, int threads, int batch, int pairs)
    {
        var network = new Network(reference.Input, reference.Layers);
        using NetworkWeights weights = Load(network, Path.Combine(folder, reference.Name + ".weights"));
        using var team = new WorkerTeam(threads);
        using var predictor = batch == 1 ? new Predictor(weights, team, chunkSize: 1) : new Predictor(weights, team);
        var images = new NoiseImages(reference.Input, batch);
        int[] samples = [.. Enumerable.Range(0, batch)];
        float[] probabilities = new float[batch * Classes];
        float[] ours = new float[batch * Classes];

        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };
        using var session = new InferenceSession(Path.Combine(folder, reference.Name + ".onnx"), options);
        long[] inputShape = [batch, 1, reference.Input.Height, reference.Input.Width];
        float[] theirs = new float[batch * Classes];
        using var input = OrtValue.CreateTensorValueFromMemory(images.Pixels, inputShape);
        using var output = OrtValue.CreateTensorValueFromMemory(theirs, [batch, Classes]);
        using var run = new RunOptions();

        Action inkling = () => predictor.Predict(images, samples, probabilities, ours);
        Action onnxRuntime = () => session.Run(run, ["image"], [input], ["logits"], [output]);
        inkling();
        onnxRuntime();
        double difference = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
        if (!(difference < 1e-3 * theirs.Max(Math.Abs)))
        {
            throw new InvalidOperationException($"{reference.Name}: logits differ by {difference}; export the networks anew");
        }

        var times = new List<(Times Ours, Times Theirs)>();
        for (int pair = 0; pair < pairs; pair++)
        {
            times.Add((Measure(inkling), Measure(onnxRuntime)));
        }

        if (batch > 1)
        {
            Row(reference, threads, batch, "images/s, higher is better", times, t => batch / t.P50, higherIsBetter: true);
        }
        else
        {
            Row(reference, threads, batch, "ms, 50th percentile", times, t => t.P50 * 1000, higherIsBetter: false);
            Row(reference, threads, batch, "ms, 99th percentile", times, t => t.P99 * 1000, higherIsBetter: false);
        }
    }

    private static void Row(
        ReferenceNetwork reference, int threads, int batch, string figure, List<(Times Ours, Times Theirs)> times, Func<Times, double> value, bool higherIsBetter)
    {
        double[] ratios = [.. times.Select(pair => higherIsBetter
            ? value(pair.Ours) / value(pair.Theirs)
            : value(pair.Theirs) / value(pair.Ours)).Order()];
        double ours = Median(times.Select(pair => value(pair.Ours)));
        double theirs = Median(times.Select(pair => value(pair.Theirs)));
        string format = batch > 1 ? "F0" : "F4";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {reference.Name} | {threads} | {batch} | {figure} | {ours.ToString(format, CultureInfo.InvariantCulture)} | {theirs.ToString(format, CultureInfo.InvariantCulture)} | **{Median(ratios):F2}** | {ratios[0]:F2} to {ratios[^1]:F2} |"));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static Times Measure(Action action)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Duration / 2;)
        {
            action();
        }

        var seconds = new List<double>();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Duration;)
        {
            long call = Stopwatch.GetTimestamp();
            action();
            seconds.Add(Stopwatch.GetElapsedTime(call).TotalSeconds);
        }

        seconds.Sort();
        return new Times(seconds[seconds.Count / 2], seconds[(int)(seconds.Count * 0.99)]);
    }

    private static NetworkWeights Load(Network network, string path)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path));
        NetworkWeights weights = network.Initialize(seed: 0);
        foreach (Parameter parameter in (Parameter[])[.. network.Parameters, .. network.Buffers])
        {
            weights.Set(parameter, values[..parameter.Count]);
            values = values[parameter.Count..];
        }

        return values.IsEmpty ? weights : throw new InvalidDataException($"{path}: {values.Length} values too many");
    }

    private readonly record struct Times(double P50, double P99);
}
