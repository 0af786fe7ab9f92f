using Microsoft.ML.OnnxRuntime;

namespace Inkling.Tests.Support;

/// <summary>A model in ONNX Runtime.</summary>
internal sealed class OnnxRun(byte[] model) : IDisposable
{
    private readonly InferenceSession _session = new(model);

    internal IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    internal IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    internal IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    internal TResult[] Run<T, TResult>(string input, T[] values, IEnumerable<int> shape, string output)
        where T : unmanaged
        where TResult : unmanaged
    {
        using var options = new RunOptions();
        using OrtValue tensor = OrtValue.CreateTensorValueFromMemory(values, [.. shape.Select(extent => (long)extent)]);
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, [input], [tensor], [output]);
        return results[0].GetTensorDataAsSpan<TResult>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
