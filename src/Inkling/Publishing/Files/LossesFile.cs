using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Publishing.Files;

/// <summary>
/// <c>losses.safetensors</c>: one tensor, <c>chunk_losses</c> [steps, chunks], the sum of the losses of each chunk's images
/// in each step. A bit that differs anywhere in a rebuild changes the losses from that step on.
/// </summary>
internal static class LossesFile
{
    private const string TensorName = "chunk_losses";

    public static void Write(string path, TrainedModel model) => new SafeTensorsFile(
        [new NamedTensor(TensorName, [model.Steps, model.ChunksPerStep], model.ChunkLosses)]).Write(path);

    /// <exception cref="ModelFormatException">It holds something else.</exception>
    public static NamedTensor Read(string path) =>
        SafeTensorsFile.Read(path) is { Integers: [], Tensors: [{ Name: TensorName, Shape.Count: 2 } losses] }
        ? losses
        : throw new ModelFormatException(
            path, $"one tensor {TensorName} [steps, chunks]", "others", "Take the package again from where it came.");
}
