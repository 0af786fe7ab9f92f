using Microsoft.ML.OnnxRuntime;

namespace Inkling.Cli.Onnx;

/// <summary>A model file in Microsoft's ONNX Runtime, on the CPU.</summary>
internal sealed class OnnxRuntimeModel : IDisposable
{
    private readonly InferenceSession _session;

    static OnnxRuntimeModel()
    {
        PackedRuntime.Load();
        Name = "ONNX Runtime " + OrtEnv.Instance().GetVersionString();
    }

    internal OnnxRuntimeModel(byte[] model, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new InferenceSession(model, options);
    }

    /// <summary>Name and version, for the record.</summary>
    internal static string Name { get; }

    /// <summary>One batch through the model.</summary>
    /// <param name="input">Name of its one input.</param>
    /// <param name="values">Row-major.</param>
    /// <param name="shape">Extents of the input, the number of images first.</param>
    /// <param name="output">Name of the output to give back.</param>
    internal float[] Run<T>(string input, T[] values, long[] shape, string output)
        where T : unmanaged
    {
        using var options = new RunOptions();
        using OrtValue tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, [input], [tensor], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
