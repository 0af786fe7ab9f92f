using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Inkling.Diagnostics;
using Inkling.Engine;
using Microsoft.ML.OnnxRuntime;

namespace Inkling.Benchmarks;

/// <summary>
/// Inference against ONNX Runtime with the same weights, in alternating pairs, as a Markdown table. Every figure comes from a process of
/// its own:
/// a runtime's waiting threads and memory would be the other's burden, and programs load one of them.
/// </summary>
internal static class OnnxRuntimeComparison
{
    private const int LargeBatch = 256;
    private const int Classes = 10;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    internal static void Run(string folder, int pairs)
    {
        Console.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, all optimisations; medians of {pairs} alternating pairs of processes.\n");
        Console.WriteLine("| network | threads | batch | figure | Inkling | ONNX Runtime | times as fast | (lowest to highest pair) |");
        Console.WriteLine("|---|---:|---:|---|---:|---:|---:|---|");
        foreach (ReferenceNetwork reference in ReferenceNetwork.All)
        {
            RequireSameAnswers(folder, reference);
            foreach (int threads in (int[])[1, 2])
            {
                foreach (int batch in (int[])[LargeBatch, 1])
                {
                    Compare(folder, reference, threads, batch, pairs);
                }
            }
        }
    }

    /// <summary>Measures one of the two in this process and prints the median and the 99th percentile in seconds.</summary>
    internal static void MeasureOne(string folder, string network, int threads, int batch, bool ours)
    {
        using var subject = new Subject(folder, ReferenceNetwork.All.Single(reference => reference.Name == network), threads, batch, ours);
        Times times = Measure(subject.Run);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.P50:R} {times.P99:R}"));
    }

    private static void RequireSameAnswers(string folder, ReferenceNetwork reference)
    {
        using var inkling = new Subject(folder, reference, threads: 1, LargeBatch, ours: true);
        using var onnxRuntime = new Subject(folder, reference, threads: 1, LargeBatch, ours: false);
        inkling.Run();
        onnxRuntime.Run();
        double difference = inkling.Logits.Zip(onnxRuntime.Logits, (a, b) => Math.Abs(a - b)).Max();
        if (!(difference < 1e-3 * onnxRuntime.Logits.Max(Math.Abs)))
        {
            throw new InvalidOperationException($"{reference.Name}: logits differ by {difference}; export the networks anew");
        }
    }

    private static void Compare(string folder, ReferenceNetwork reference, int threads, int batch, int pairs)
    {
        var times = new List<(Times Ours, Times Theirs)>();
        for (int pair = 0; pair < pairs; pair++)
        {
            times.Add((
                InAnotherProcess(folder, reference.Name, threads, batch, ours: true),
                InAnotherProcess(folder, reference.Name, threads, batch, ours: false)));
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

    private static Times InAnotherProcess(string folder, string network, int threads, int batch, bool ours)
    {
        string[] arguments =
        [
            typeof(OnnxRuntimeComparison).Assembly.Location, "onnxruntime-one", folder, network,
            threads.ToString(CultureInfo.InvariantCulture), batch.ToString(CultureInfo.InvariantCulture), ours ? "inkling" : "onnxruntime",
        ];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string[] answer = process.StandardOutput.ReadToEnd().Split();
        process.WaitForExit();
        return process.ExitCode == 0
            ? new Times(double.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{network}: the process that measured it ended with {process.ExitCode}");
    }

    private static void Row(
        ReferenceNetwork reference, int threads, int batch, string figure, List<(Times Ours, Times Theirs)> times,
        Func<Times, double> value, bool higherIsBetter)
    {
        double[] ratios = [.. times.Select(pair => higherIsBetter
            ? value(pair.Ours) / value(pair.Theirs)
            : value(pair.Theirs) / value(pair.Ours)).Order()];
        double ours = CallTimes.Median(times.Select(pair => value(pair.Ours)));
        double theirs = CallTimes.Median(times.Select(pair => value(pair.Theirs)));
        string format = batch > 1 ? "F0" : "F4";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {reference.Name} | {threads} | {batch} | {figure} | {ours.ToString(format, CultureInfo.InvariantCulture)} | {theirs.ToString(format, CultureInfo.InvariantCulture)} | **{CallTimes.Median(ratios):F2}** | {ratios[0]:F2} to {ratios[^1]:F2} |"));
    }

    private static Times Measure(Action action)
    {
        double[] seconds = CallTimes.Measure(Duration, Duration, action);
        return new Times(seconds[seconds.Length / 2], seconds[(int)(seconds.Length * 0.99)]);
    }

    private readonly record struct Times(double P50, double P99);

    /// <summary>One of the two runtimes with a network, ready to answer.</summary>
    private sealed class Subject : IDisposable
    {
        private readonly List<IDisposable> _parts = [];

        internal Subject(string folder, ReferenceNetwork reference, int threads, int batch, bool ours)
        {
            var images = new NoiseImages(reference.Input, batch);
            Logits = new float[batch * Classes];
            string path = Path.Combine(folder, reference.Name);
            Run = ours ? Inkling(path, reference, images, threads, batch) : OnnxRuntime(path, reference, images, threads, batch);
        }

        /// <summary>Answers all images once.</summary>
        internal Action Run { get; }

        /// <summary>[N, K] of the last run.</summary>
        internal float[] Logits { get; }

        public void Dispose()
        {
            _parts.Reverse();
            _parts.ForEach(part => part.Dispose());
        }

        private Action Inkling(string path, ReferenceNetwork reference, NoiseImages images, int threads, int batch)
        {
            NetworkWeights weights = Own(Load(new Network(reference.Input, reference.Layers), path + ".weights"));
            WorkerTeam team = Own(new WorkerTeam(threads));
            Predictor predictor = Own(batch == 1 ? new Predictor(weights, team, chunkSize: 1) : new Predictor(weights, team));
            int[] samples = [.. Enumerable.Range(0, batch)];
            float[] probabilities = new float[batch * Classes];
            return () => predictor.Predict(images, samples, probabilities, Logits);
        }

        private Action OnnxRuntime(string path, ReferenceNetwork reference, NoiseImages images, int threads, int batch)
        {
            SessionOptions options = Own(new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
            });
            InferenceSession session = Own(new InferenceSession(path + ".onnx", options));
            OrtValue input = Own(
                OrtValue.CreateTensorValueFromMemory(images.Pixels, [batch, 1, reference.Input.Height, reference.Input.Width]));
            OrtValue output = Own(OrtValue.CreateTensorValueFromMemory(Logits, [batch, Classes]));
            RunOptions run = Own(new RunOptions());
            return () => session.Run(run, ["image"], [input], ["logits"], [output]);
        }

        private T Own<T>(T part)
            where T : IDisposable
        {
            _parts.Add(part);
            return part;
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
    }
}
