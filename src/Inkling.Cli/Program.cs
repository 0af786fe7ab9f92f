using System.Runtime.InteropServices;
using Inkling.Cli;
using Inkling.Cli.Display;
using Spectre.Console;

using var interrupt = new CancellationTokenSource();
using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var terminal = new Terminal(
    AnsiConsole.Console,
    AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
    Console.Out,
    Console.OpenStandardInput);
return CommandLine.Run(args, terminal, interrupt.Token);

void Stop(PosixSignalContext context)
{
    // The work in progress ends at its next step and cleans up after itself.
    context.Cancel = true;
    interrupt.Cancel();
}
