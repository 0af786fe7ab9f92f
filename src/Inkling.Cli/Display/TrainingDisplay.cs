using System.Globalization;
using Inkling.Training;
using Spectre.Console;

namespace Inkling.Cli.Display;

/// <summary>Shows a run on standard error: a progress bar on a terminal, a line an epoch anywhere else.</summary>
internal static class TrainingDisplay
{
    /// <summary>Runs training under the eyes of an observer.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="title">The first line, shown when the training begins.</param>
    /// <param name="train">The work.</param>
    internal static T Watch<T>(Terminal terminal, string title, Func<ITrainingObserver, T> train)
    {
        if (!terminal.Error.Profile.Capabilities.Interactive || !terminal.Error.Profile.Out.IsTerminal)
        {
            return train(new Lines(terminal, title));
        }

        return terminal.Error.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context => train(new Bar(terminal.Error, Terminal.Clean(title), context)));
    }

    private static string Text(EpochResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {result.Epoch}  step {result.Steps}  loss {result.TrainLoss:F4}  training {100 * result.TrainAccuracy:F2} %")
        + (result.ValidationAccuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $"  validation {100 * accuracy:F2} %")
            : "");

    private static string Text(TrainingPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"{plan.Parameters:N0} parameters, {plan.TrainImages:N0} images to train and {plan.ValidationImages:N0} to validate with, ")
        + $"{plan.TotalSteps} steps, {plan.Threads} {(plan.Threads == 1 ? "thread" : "threads")}"
        + (plan.StepsBefore > 0 ? $", going on after step {plan.StepsBefore}" : "");

    private sealed class Lines(Terminal terminal, string title) : ITrainingObserver
    {
        private StepProgress _latest;

        public void Started(TrainingPlan plan)
        {
            terminal.WriteErrorLine(title);
            terminal.WriteErrorLine(Text(plan));
        }

        public void Stepped(StepProgress progress) => _latest = progress;

        public void Warned(string message) => terminal.WriteErrorLine(message);

        public void EpochEnded(EpochResult result) => terminal.WriteErrorLine(
            Text(result) + string.Create(
                CultureInfo.InvariantCulture, $"  {_latest.ImagesPerSecond:F0} images/s  {_latest.Remaining:m\\:ss} left"));
    }

    private sealed class Bar(IAnsiConsole console, string title, ProgressContext context) : ITrainingObserver
    {
        private readonly ProgressTask _task = context.AddTask("starting");
        private double? _validation;

        public void Started(TrainingPlan plan)
        {
            _task.MaxValue = plan.TotalSteps;
            console.WriteLine(title);
            console.WriteLine(Text(plan));
        }

        public void Stepped(StepProgress progress)
        {
            _task.Value = progress.Step;
            _task.Description = string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {progress.Epoch}  loss {progress.Loss:F4}  {progress.ImagesPerSecond:F0} images/s  {progress.Remaining:m\\:ss} left")
                + (_validation is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $"  validation {100 * accuracy:F2} %") : "");
        }

        public void Warned(string message) => console.WriteLine(Terminal.Clean(message));

        public void EpochEnded(EpochResult result)
        {
            _validation = result.ValidationAccuracy;
            console.WriteLine(Text(result));
        }
    }
}
