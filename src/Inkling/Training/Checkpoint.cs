using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Serialization;

namespace Inkling.Training;

/// <summary>
/// The state of a run as bytes: 32 bytes of SHA-256, then a safetensors file of what they are the hash of.
/// </summary>
/// <remarks>
/// Tensors <c>weights/NAME</c>, <c>average/NAME</c>, <c>optimizer.N/NAME</c> and <c>chunk_losses</c> [steps, chunks]; in the
/// metadata <c>run</c> (what decides the run, so that no other one goes on from here) and <c>progress</c>.
/// </remarks>
internal static class Checkpoint
{
    private const string RunKey = "run";
    private const string ProgressKey = "progress";
    private const string LossesName = "chunk_losses";

    /// <summary>The bytes to keep.</summary>
    /// <param name="state">The run as it stands.</param>
    /// <param name="identity">All that decides the run.</param>
    internal static byte[] Write(RunState state, JsonObject identity)
    {
        var tensors = new List<NamedTensor>
        {
            new(LossesName, [state.Steps, state.ChunksPerStep], state.ChunkLosses),
        };
        tensors.AddRange(Parts(state).Select(part => new NamedTensor(part.Name, part.Parameter.Dimensions, part.Get())));
        byte[] content = new SafeTensorsFile(tensors, metadata: new Dictionary<string, string>
        {
            [RunKey] = CanonicalJson.WriteLine(identity),
            [ProgressKey] = CanonicalJson.WriteLine(RunProgress.Json.Write(RunProgress.Of(state))),
        }).ToBytes();
        return [.. SHA256.HashData(content), .. content];
    }

    /// <summary>Puts a kept state into that of a run about to begin.</summary>
    /// <param name="bytes">As written.</param>
    /// <param name="path">What to call them in an error.</param>
    /// <param name="identity">All that decides the run.</param>
    /// <param name="state">Changed only if the bytes are whole and of this run.</param>
    /// <exception cref="ModelFormatException">The bytes are not those that were written.</exception>
    /// <exception cref="ResumeException">They belong to another run.</exception>
    internal static void Restore(ReadOnlyMemory<byte> bytes, string path, JsonObject identity, RunState state)
    {
        if (bytes.Length < SHA256.HashSizeInBytes
            || !SHA256.HashData(bytes.Span[SHA256.HashSizeInBytes..]).AsSpan().SequenceEqual(bytes.Span[..SHA256.HashSizeInBytes]))
        {
            throw new ModelFormatException(
                path, "a checkpoint that matches its own hash", "a damaged one", "An older one is used if there is one.");
        }

        SafeTensorsFile file = SafeTensorsFile.Parse(bytes[SHA256.HashSizeInBytes..], path);
        JsonDifference[] differences = [.. JsonDifference.Between(JsonNode.Parse(file.Metadata[RunKey]), identity)];
        if (differences.Length > 0)
        {
            throw new ResumeException(path, differences);
        }

        // The hash says that this version of the program wrote the rest, for this run.
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Values, StringComparer.Ordinal);
        foreach (Part part in Parts(state))
        {
            part.Set(tensors[part.Name]);
        }

        state.RestoreLosses(tensors[LossesName]);
        ReadProgress(file.Metadata[ProgressKey], path).Restore(state);
    }

    private static RunProgress ReadProgress(string json, string path)
    {
        (RunProgress? progress, IReadOnlyList<JsonFault> faults) = RunProgress.Json.Parse(Encoding.UTF8.GetBytes(json));
        return faults.Count == 0
            ? progress!
            : throw new ModelFormatException(path, "a checkpoint of this version", string.Join("; ", faults), "Train without --resume.");
    }

    private static IEnumerable<Part> Parts(RunState state)
    {
        Network network = state.Weights.Network;
        IEnumerable<Part> parts = OfWeights("weights", state.Weights);
        if (state.Average is { } average)
        {
            parts = parts.Concat(OfWeights("average", average));
        }

        return parts.Concat(
            from index in Enumerable.Range(0, state.Optimizer.StateCount)
            from parameter in network.Parameters
            select new Part(
                $"optimizer.{index}/{parameter.Name}",
                parameter,
                () => state.Optimizer.GetState(index, parameter),
                values => state.Optimizer.SetState(index, parameter, values)));
    }

    private static IEnumerable<Part> OfWeights(string prefix, NetworkWeights weights) =>
        weights.Network.Parameters.Concat(weights.Network.Buffers).Select(parameter => new Part(
            $"{prefix}/{parameter.Name}", parameter, () => weights.Get(parameter), values => weights.Set(parameter, values)));

    private sealed record Part(string Name, Parameter Parameter, Func<float[]> Get, Action<float[]> Set);
}
