using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Diagnostics;
using Inkling.Engine;
using Spectre.Console;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling doctor</c>: this machine's arithmetic against golden values.</summary>
internal static class DoctorCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<bool> json = SharedOptions.Json();
        var command = new Command("doctor", "Check this machine's arithmetic against golden values.") { json };
        command.SetAction(parsed => SharedOptions.Interruptible(() => Run(terminal, parsed.GetValue(json)), cancellation));
        return command;
    }

    private static int Run(Terminal terminal, bool json)
    {
        IReadOnlyList<MachineCheck> checks = MachineCheck.RunAll();
        bool sound = checks.All(check => check.IsSound);
        if (json)
        {
            terminal.WriteJson(ToJson(checks, sound));
        }
        else
        {
            Write(terminal.Output, checks, sound);
        }

        return sound ? ExitCode.Success : ExitCode.CheckFailed;
    }

    private static void Write(IAnsiConsole output, IReadOnlyList<MachineCheck> checks, bool sound)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("check", "verdict", "SHA-256");
        foreach (MachineCheck check in checks)
        {
            table.AddRow(
                Terminal.Cell(check.Name),
                check.IsSound ? "[green]as expected[/]" : "[red]DIFFERENT[/]",
                check.IsSound ? check.Actual[..16] + "…" : $"{check.Actual[..16]}… instead of {check.Expected[..16]}…");
        }

        output.Write(table);
        output.WriteLine(sound
            ? $"This machine computes as numeric contract {NumericContract.Number} says: models trained here can be rebuilt anywhere."
            : "This machine does not compute as the numeric contract says. Please report the table above.");
    }

    private static JsonObject ToJson(IReadOnlyList<MachineCheck> checks, bool sound) => new()
    {
        ["contract"] = NumericContract.Number,
        ["sound"] = sound,
        ["checks"] = new JsonArray([.. checks.Select(check => (JsonNode)new JsonObject
        {
            ["name"] = check.Name,
            ["expected"] = check.Expected,
            ["actual"] = check.Actual,
        })]),
    };
}
