using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Verification;

/// <summary>What a verification found.</summary>
public sealed record VerificationResult
{
    /// <summary>How far the rebuilt model is the published one.</summary>
    public required VerificationGrade Grade { get; init; }

    /// <summary>One sentence: why this grade.</summary>
    public required string Reason { get; init; }

    /// <summary>Epochs that were rebuilt and have the lock's hashes.</summary>
    public int EpochsEqual { get; init; }

    /// <summary>Epochs that the lock has.</summary>
    public required int Epochs { get; init; }

    /// <summary>Whether everything was rebuilt, so that the files could be compared.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What in the package is not as it was rebuilt: file and place, the package's value first.</summary>
    public IReadOnlyList<JsonDifference> Differences { get; init; } = [];

    /// <summary>The card's first line, from 1, that isn't what the other files give; null if none is. No part of the grade.</summary>
    public int? CardOtherFromLine { get; init; }

    /// <summary>Where the rebuild left the record; null if it didn't.</summary>
    public Departure? Departure { get; init; }

    /// <summary>Whether this machine contradicts itself, which would explain a departure; null if it doesn't or wasn't asked.</summary>
    public TensorDifference? Contradiction { get; init; }

    /// <summary>Statements of others who rebuilt this model, that lie in the package.</summary>
    public IReadOnlyList<CheckedAttestation> Attestations { get; init; } = [];

    /// <summary>The package's lock.</summary>
    public required PackageLock Lock { get; init; }
}

/// <summary>Where a rebuild left what the package records.</summary>
/// <param name="Epoch">The first whose weights have another hash, from 1; 0 if the initial weights have.</param>
/// <param name="RecordedHash">In the lock.</param>
/// <param name="RebuiltHash">Here.</param>
/// <param name="Loss">The first loss that differs; null if all recorded ones up to here are the same.</param>
public sealed record Departure(int Epoch, string RecordedHash, string RebuiltHash, LossDifference? Loss);

/// <summary>The first loss that differs.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Chunk">From 1.</param>
/// <param name="Recorded">In <c>losses.safetensors</c>.</param>
/// <param name="Rebuilt">Here.</param>
public sealed record LossDifference(int Step, int Chunk, float Recorded, float Rebuilt)
{
    /// <summary>Compares one step's losses with a package's record.</summary>
    /// <param name="recorded">[steps, chunks].</param>
    /// <param name="step">From 1; one that isn't in the record is equal.</param>
    /// <param name="losses">[chunks].</param>
    internal static LossDifference? At(NamedTensor recorded, int step, ReadOnlySpan<float> losses)
    {
        int chunks = recorded.Shape[1];
        for (int chunk = 0; chunk < Math.Min(chunks, losses.Length) && step <= recorded.Shape[0]; chunk++)
        {
            float record = recorded.Values[(step - 1) * chunks + chunk];
            if (BitConverter.SingleToInt32Bits(record) != BitConverter.SingleToInt32Bits(losses[chunk]))
            {
                return new LossDifference(step, chunk + 1, record, losses[chunk]);
            }
        }

        return null;
    }

    /// <summary>Compares the records of two packages.</summary>
    internal static LossDifference? FirstOf(NamedTensor first, NamedTensor second) =>
        Enumerable.Range(1, second.Shape[0])
            .Select(step => At(first, step, second.Values.AsSpan((step - 1) * second.Shape[1], second.Shape[1])))
            .FirstOrDefault(difference => difference is not null);
}
