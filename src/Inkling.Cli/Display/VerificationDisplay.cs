using System.Globalization;
using Inkling.Serialization;
using Inkling.Training;
using Inkling.Verification;

namespace Inkling.Cli.Display;

/// <summary>A verification's result for people.</summary>
internal static class VerificationDisplay
{
    private const int MaxDifferences = 20;

    internal static void Write(Terminal terminal, VerificationResult result)
    {
        terminal.WriteLine($"Verdict: {Text(result)}");
        terminal.WriteLine(result.Reason);
        if (result.Departure is { } departure)
        {
            terminal.WriteLine($"epoch {departure.Epoch}: recorded {departure.RecordedHash}");
            terminal.WriteLine($"{new string(' ', $"epoch {departure.Epoch}: ".Length)}rebuilt  {departure.RebuiltHash}");
            if (departure.Loss is { } loss)
            {
                terminal.WriteLine(
                    $"step {loss.Step}, chunk {loss.Chunk}: loss {Number(loss.Recorded)} recorded, {Number(loss.Rebuilt)} rebuilt");
            }

            terminal.WriteLine(result.Contradiction is { } contradiction
                ? $"This machine contradicts itself: {Text(contradiction)}. 'inkling doctor' may say more."
                : "This machine computes these steps alike with one thread and with all, with narrow vectors and with wide ones: the cause is not in its arithmetic.");
        }

        Write(terminal, result.Differences, "package", "rebuilt");
        if (result.CardOtherFromLine is { } line)
        {
            terminal.WriteLine(
                $"README.md has other words from line {line} on than Inkling makes of this package; they are no part of the verdict.");
        }

        foreach (CheckedAttestation attestation in result.Attestations)
        {
            terminal.WriteLine(attestation.Fault is null
                ? $"attested by key {attestation.KeyId[..16]} on {attestation.Cpu}"
                : $"attestation {attestation.File} does not hold: {attestation.Fault}");
        }

        if (result.Attestations.Count > 0)
        {
            int valid =
                result.Attestations.Where(attestation => attestation.Fault is null).DistinctBy(attestation => attestation.KeyId).Count();
            terminal.WriteLine($"{valid} key(s) attest a rebuild with the same bytes; whose keys they are is yours to know.");
        }
    }

    internal static void Write(Terminal terminal, IReadOnlyList<JsonDifference> differences, string first, string second)
    {
        foreach (JsonDifference difference in differences.Take(MaxDifferences))
        {
            terminal.WriteLine($"{difference.Path}: {first} {difference.First}, {second} {difference.Second}");
        }

        if (differences.Count > MaxDifferences)
        {
            terminal.WriteLine($"and {differences.Count - MaxDifferences} more");
        }
    }

    internal static string Text(TensorDifference difference) =>
        (difference.Step is { } step ? $"step {step}, " : "")
        + (difference.Chunk is { } chunk ? $"chunk {chunk}, " : "")
        + $"{(difference.IsGradient ? "gradient of " : "")}{difference.Tensor}[{difference.Index}]: {Number(difference.First)} against {Number(difference.Second)}";

    /// <summary>How options and JSON name a grade.</summary>
    internal static string Key(VerificationGrade grade) => grade switch
    {
        VerificationGrade.Bytes => "bytes",
        VerificationGrade.Predictions => "predictions",
        VerificationGrade.Metrics => "metrics",
        VerificationGrade.Different => "different",
        _ => "cannot_verify",
    };

    private static string Text(VerificationResult result) => result.Grade switch
    {
        VerificationGrade.Bytes when !result.IsComplete => $"identical bytes for the first {result.EpochsEqual} of {result.Epochs} epochs",
        VerificationGrade.Bytes => "identical bytes",
        VerificationGrade.Predictions => "same predictions on the test images, other bytes",
        VerificationGrade.Metrics => "metrics within their interval, other predictions",
        VerificationGrade.Different => "different",
        _ => "cannot verify",
    };

    // Nine digits tell any two single-precision numbers apart.
    internal static string Number(float value) => value.ToString("G9", CultureInfo.InvariantCulture);
}
