using System.Globalization;
using Inkling.Hub;
using Spectre.Console;

namespace Inkling.Cli.Display;

/// <summary>Shows a transfer on standard error: a progress bar by bytes on a terminal, nothing anywhere else.</summary>
internal static class TransferDisplay
{
    /// <summary>Runs a transfer under the eyes of an observer.</summary>
    internal static T Watch<T>(Terminal terminal, string title, Func<IProgress<HubProgress>?, Task<T>> transfer)
    {
        if (!terminal.Error.Profile.Capabilities.Interactive || !terminal.Error.Profile.Out.IsTerminal)
        {
            return transfer(null).GetAwaiter().GetResult();
        }

        return terminal.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn(),
                new TransferSpeedColumn())
            .Start(context => transfer(new Bar(context.AddTask(Terminal.Cell(title), maxValue: double.MaxValue))).GetAwaiter().GetResult());
    }

    /// <summary>A size for people.</summary>
    internal static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
    };

    private sealed class Bar(ProgressTask task) : IProgress<HubProgress>
    {
        public void Report(HubProgress value)
        {
            task.MaxValue = Math.Max(value.Total, 1);
            task.Value = value.Done;
            task.Description = Terminal.Cell(value.File);
        }
    }
}
