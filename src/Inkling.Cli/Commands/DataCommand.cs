using System.CommandLine;
using Inkling.Cli.Display;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling data</c>: what can be done with a dataset before any training.</summary>
internal static class DataCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation) =>
        new("data", "Look at a dataset.") { DataCheckCommand.Create(terminal, cancellation), DataPreviewCommand.Create(terminal, cancellation) };
}
