using System.CommandLine;

namespace Inkling.Cli.Commands;

internal static class BenchCommand
{
    internal static Command Create(Terminal terminal) => new("bench", "x");
}
