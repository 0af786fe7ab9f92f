using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Hub;
using Inkling.Verification;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling attest</c>: rebuilds a package and signs that it is the same.</summary>
internal static class AttestCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.Package();
        Option<string?> data = SharedOptions.DataOfPackage();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var key = new Option<string>("--key")
        {
            Description = "private key in PEM; made if it is absent",
            DefaultValueFactory = _ => AttestationKey.DefaultPath,
            HelpName = "FILE",
        };
        key.Validators.Add(result => SharedOptions.RequireText(result, key.Name));
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("attest", "Rebuild a package and sign a statement that it has the same bytes.")
        {
            package, data, exclusions, offline, key, threads, json,
        };
        command.SetAction(parsed => Run(
            terminal,
            SharedOptions.Locate(terminal, parsed.GetRequiredValue(package), cancellation),
            new DataChoice(parsed.GetValue(data), parsed.GetValue(exclusions), parsed.GetValue(offline)),
            parsed.GetRequiredValue(key),
            parsed.GetValue(threads),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static int Run(
        Terminal terminal, PackageLocation location, DataChoice data, string keyPath, int threads, bool json,
        CancellationToken cancellation)
    {
        // Before the long rebuild, so that a key that can't be used is known now.
        using AttestationKey key = AttestationKey.ReadOrCreate(keyPath);
        VerificationResult result = VerifyCommand.Verify(terminal, location.Folder, data, new VerificationOptions(), threads, cancellation);

        // The cache of the Hub is not to be written to; whoever published the package may add the statement to it.
        string target = location.MayWrite ? location.Folder : ".";
        string? file = result.Grade == VerificationGrade.Bytes ? Attestation.Write(target, result, key, TimeProvider.System) : null;
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["grade"] = VerificationDisplay.Key(result.Grade), ["key"] = key.Id, ["file"] = file,
            });
        }
        else
        {
            VerificationDisplay.Write(terminal, result);
            terminal.WriteLine(file is null ? "Nothing was signed." : $"Signed with key {key.Id}: {file}");
        }

        return file is null ? ExitCode.CheckFailed : ExitCode.Success;
    }
}
