using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Engine;
using Inkling.Serialization;
using Inkling.Training;
using Inkling.Verification;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling verify</c>: rebuilds a package from its lock and compares.</summary>
internal static class VerifyCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.Package();
        Option<string?> data = SharedOptions.DataOfPackage();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var epochs = new Option<int?>("--epochs") { Description = "rebuild only the first K epochs", HelpName = "K" };
        epochs.Validators.Add(result => SharedOptions.RequirePositive(result, epochs));
        var require = new Option<string>("--require")
        {
            Description = "what is enough: bytes, predictions (on the test images) or metrics (accuracy in its interval)",
            DefaultValueFactory = _ => "bytes",
            HelpName = "GRADE",
        };
        require.AcceptOnlyFromAmong("bytes", "predictions", "metrics");
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("verify", "Rebuild a package from its lock and compare.")
        {
            package, data, exclusions, offline, epochs, require, threads, json,
        };
        command.SetAction(parsed =>
        {
            var options = new VerificationOptions
            {
                Epochs = parsed.GetValue(epochs),
                Require = Enum.Parse<VerificationGrade>(parsed.GetRequiredValue(require), ignoreCase: true),
            };
            VerificationResult result = Verify(
                terminal,
                SharedOptions.Locate(terminal, parsed.GetRequiredValue(package), cancellation).Folder,
                new DataChoice(parsed.GetValue(data), parsed.GetValue(exclusions), parsed.GetValue(offline)),
                options,
                parsed.GetValue(threads),
                cancellation);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(ToJson(result, options));
            }
            else
            {
                VerificationDisplay.Write(terminal, result);
            }

            return result.Grade >= options.Require ? ExitCode.Success : ExitCode.CheckFailed;
        });
        return command;
    }

    internal static VerificationResult Verify(
        Terminal terminal, string path, DataChoice data, VerificationOptions options, int threads, CancellationToken cancellation)
    {
        using var team = new WorkerTeam(threads);
        return TrainingDisplay.Watch(terminal, $"Rebuilding {path}", observer => PackageVerification.Verify(
            path, packageLock => data.Load(terminal, packageLock), options, observer, team, cancellation));
    }

    private static JsonObject ToJson(VerificationResult result, VerificationOptions options) => new()
    {
        ["grade"] = VerificationDisplay.Key(result.Grade),
        ["required"] = VerificationDisplay.Key(options.Require),
        ["reason"] = result.Reason,
        ["complete"] = result.IsComplete,
        ["epochs"] = result.Epochs,
        ["epochs_equal"] = result.EpochsEqual,
        ["differences"] = new JsonArray([.. result.Differences.Select(difference => (JsonNode)ToJson(difference))]),
        ["card_other_from_line"] = result.CardOtherFromLine,
        ["departure"] = result.Departure is { } departure ? ToJson(departure) : null,
        ["contradiction"] = result.Contradiction is { } contradiction ? ToJson(contradiction) : null,
        ["attestations"] = new JsonArray([.. result.Attestations.Select(attestation => (JsonNode)new JsonObject
        {
            ["file"] = attestation.File,
            ["key"] = attestation.KeyId,
            ["cpu"] = attestation.Cpu,
            ["valid"] = attestation.Fault is null,
            ["fault"] = attestation.Fault,
        })]),
    };

    private static JsonObject ToJson(Departure departure) => new()
    {
        ["epoch"] = departure.Epoch,
        ["recorded"] = departure.RecordedHash,
        ["rebuilt"] = departure.RebuiltHash,
        ["loss"] = departure.Loss is { } loss ? DiffCommand.ToJson(loss, "recorded", "rebuilt") : null,
    };

    internal static JsonObject ToJson(TensorDifference difference) => new()
    {
        ["tensor"] = difference.Tensor,
        ["index"] = difference.Index,
        ["first"] = difference.First,
        ["second"] = difference.Second,
        ["step"] = difference.Step,
        ["chunk"] = difference.Chunk,
        ["gradient"] = difference.IsGradient,
    };

    private static JsonObject ToJson(JsonDifference difference) => new()
    {
        ["path"] = difference.Path,
        ["package"] = difference.First,
        ["rebuilt"] = difference.Second,
    };
}
