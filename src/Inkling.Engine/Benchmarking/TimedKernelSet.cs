using System.Diagnostics;

namespace Inkling.Engine;

/// <summary>Runs another set's kernels and adds up the time of each, by kernel and tensor. For one thread.</summary>
internal sealed unsafe class TimedKernelSet(KernelSet kernels) : KernelSet
{
    private readonly Dictionary<(string Kernel, object Place), long> _ticks = [];

    internal override void Convolve(ConvolutionSweep sweep, float* weights, float* bias, Epilogue epilogue, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.Convolve(sweep, weights, bias, epilogue, images);
        Record(nameof(Convolve), sweep, start);
    }

    internal override void WeightGradient(WeightGradientSweep sweep, float* gradWeight, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.WeightGradient(sweep, gradWeight, images);
        Record(nameof(WeightGradient), sweep, start);
    }

    internal override void WinogradFilters(float* filters, int rows, float* transformed, int position) =>
        kernels.WinogradFilters(filters, rows, transformed, position);

    internal override void WinogradConvolve(WinogradSweep sweep, float* filters, float* bias, Epilogue epilogue, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.WinogradConvolve(sweep, filters, bias, epilogue, images);
        Record(nameof(WinogradConvolve), sweep, start);
    }

    internal override void WinogradWeightGradient(WinogradSweep sweep, float* gradWeight, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.WinogradWeightGradient(sweep, gradWeight, images);
        Record(nameof(WinogradWeightGradient), sweep, start);
    }

    internal override void BiasGradient(Tensor gradOutput, Tensor? rectified, float* gradBias, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.BiasGradient(gradOutput, rectified, gradBias, images);
        Record(nameof(BiasGradient), gradOutput, start);
    }

    internal override void BatchNormForwardTraining(Tensor x, Tensor y, int images, in BatchNormConstants c, float* gamma, float* beta, float epsilon, bool relu, FusedPool? pool, float* mean, float* variance)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.BatchNormForwardTraining(x, y, images, in c, gamma, beta, epsilon, relu, pool, mean, variance);
        Record(nameof(BatchNormForwardTraining), x, start);
    }

    internal override void BatchNormInferenceConstants(BatchNormConstants c, int blocks, float* gamma, float* beta, float* mean, float* variance, float epsilon) =>
        kernels.BatchNormInferenceConstants(c, blocks, gamma, beta, mean, variance, epsilon);

    internal override void BatchNormForwardInference(Tensor x, Tensor y, int images, Epilogue epilogue)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.BatchNormForwardInference(x, y, images, epilogue);
        Record(nameof(BatchNormForwardInference), x, start);
    }

    internal override void BatchNormBackward(Tensor x, Tensor gradient, int images, in BatchNormConstants c, bool relu, FusedPool? pool, float* gradGamma, float* gradBeta)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.BatchNormBackward(x, gradient, images, in c, relu, pool, gradGamma, gradBeta);
        Record(nameof(BatchNormBackward), x, start);
    }

    internal override void Rectify(Tensor x, Tensor y, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.Rectify(x, y, images);
        Record(nameof(Rectify), x, start);
    }

    internal override void WherePositive(Tensor condition, Tensor gradient, Tensor copy, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.WherePositive(condition, gradient, copy, images);
        Record(nameof(WherePositive), condition, start);
    }

    internal override void Mask(Tensor mask, Tensor source, Tensor destination, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.Mask(mask, source, destination, images);
        Record(nameof(Mask), mask, start);
    }

    internal override void Add(Tensor a, Tensor b, Tensor destination, int images, bool relu)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.Add(a, b, destination, images, relu);
        Record(nameof(Add), a, start);
    }

    internal override void MaxPoolForward(Tensor x, Tensor y, Tensor winners, PoolWindow window, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.MaxPoolForward(x, y, winners, window, images);
        Record(nameof(MaxPoolForward), x, start);
    }

    internal override void MaxPoolInference(Tensor x, Tensor y, PoolWindow window, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.MaxPoolInference(x, y, window, images);
        Record(nameof(MaxPoolInference), x, start);
    }

    internal override void MaxPoolBackward(Tensor gradOutput, Tensor winners, Tensor gradInput, PoolWindow window, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.MaxPoolBackward(gradOutput, winners, gradInput, window, images);
        Record(nameof(MaxPoolBackward), gradOutput, start);
    }

    internal override void AveragePoolForward(Tensor x, Tensor y, PoolWindow window, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.AveragePoolForward(x, y, window, images);
        Record(nameof(AveragePoolForward), x, start);
    }

    internal override void AveragePoolBackward(Tensor gradOutput, Tensor gradInput, PoolWindow window, int images)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.AveragePoolBackward(gradOutput, gradInput, window, images);
        Record(nameof(AveragePoolBackward), gradOutput, start);
    }

    internal override void Peak(float* memory, int length, int repetitions) => kernels.Peak(memory, length, repetitions);

    internal void Clear() => _ticks.Clear();

    internal IReadOnlyList<KernelTime> Times(int images) =>
    [
        .. _ticks.Select(entry =>
        {
            double seconds = (double)entry.Value / Stopwatch.Frequency / images;
            return new KernelTime(
                $"{entry.Key.Kernel} {Describe(entry.Key.Place)}", seconds * 1e6, Flops(entry.Key.Place) / seconds / 1e9);
        }),
    ];

    private static string Describe(object place) => place switch
    {
        ConvolutionSweep s => $"{s.Source.Shape.Channels}→{s.Destination.Shape.Channels}, {s.Taps} taps, {s.Rows}×{s.Columns}",
        WeightGradientSweep s => $"{s.Input.Shape.Channels}→{s.GradOutput.Shape.Channels}, {s.KernelSize * s.KernelSize} taps, {s.GradOutput.Shape.Height}×{s.GradOutput.Shape.Width}",
        WinogradSweep s => $"{s.Source.Shape.Channels}→{s.Destination.Shape.Channels}, {s.Destination.Shape.Height}×{s.Destination.Shape.Width}",
        Tensor t => t.Shape.ToString(),
        _ => "",
    };

    private static double? Flops(object place) => 2.0 * place switch
    {
        ConvolutionSweep s => s.MultiplyAdds,
        WeightGradientSweep s => s.MultiplyAdds,
        WinogradSweep s => s.MultiplyAdds,
        _ => (long?)null,
    };

    private void Record(string kernel, object place, long start)
    {
        long ticks = Stopwatch.GetTimestamp() - start;
        _ticks[(kernel, place)] = _ticks.GetValueOrDefault((kernel, place)) + ticks;
    }
}
