using System.CommandLine;
using System.CommandLine.Help;
using Inkling.Cli.Commands;
using Inkling.Cli.Display;
using Inkling.Cli.Onnx;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Hub;
using Inkling.Imaging;
using Inkling.Serialization;
using Inkling.Studies;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Cli;

/// <summary>The commands, and what becomes of their errors: one line on standard error and an exit code.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "show where an error came from",
        Recursive = true,
    };

    internal static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        ParseResult parsed = Build(terminal, cancellation).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Fail(terminal, ExitCode.Usage, string.Join(" ", parsed.Errors.Select(error => error.Message)) + " Try --help.");
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Json,
            });
        }
#pragma warning disable CA1031 // The last place where an error can become a message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (parsed.GetValue(Verbose))
            {
                terminal.Error.Profile.Out.Writer.WriteLine(e);
            }

            return Report(terminal, e is TypeInitializationException { InnerException: { } inner } ? inner : e);
        }
    }

    private static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        // Not a RootCommand: that would show the assembly's name, which can't be "inkling" beside Inkling.dll.
        var root = new Command("inkling", "Trains, judges and uses image classifiers that anyone can rebuild bit for bit.")
        {
            new HelpOption(), new VersionOption(), Verbose,
        };
        root.Add(TrainCommand.Create(terminal, cancellation));
        root.Add(EvaluateCommand.Create(terminal, cancellation));
        root.Add(CompareCommand.Create(terminal, cancellation));
        root.Add(StudyCommand.Create(terminal, cancellation));
        root.Add(PredictCommand.Create(terminal, cancellation));
        root.Add(ExportCommand.Create(terminal, cancellation));
        root.Add(VerifyCommand.Create(terminal, cancellation));
        root.Add(DiffCommand.Create(terminal, cancellation));
        root.Add(AttestCommand.Create(terminal, cancellation));
        root.Add(PublishCommand.Create(terminal, cancellation));
        root.Add(PullCommand.Create(terminal, cancellation));
        root.Add(DataCommand.Create(terminal, cancellation));
        root.Add(DoctorCommand.Create(terminal, cancellation));
        root.Add(BenchCommand.Create(terminal, cancellation));
        return root;
    }

    private static int Report(Terminal terminal, Exception error) => error switch
    {
        TrainingInterruptedException or StudyInterruptedException => Fail(terminal, ExitCode.Interrupted, error.Message),
        OperationCanceledException => Fail(terminal, ExitCode.Interrupted, "Interrupted; nothing was written."),
        RecipeException or ResumeException or PlatformNotSupportedException => Fail(terminal, ExitCode.Usage, error.Message),
        DataFormatException or ImageFormatException or DataAccessException => Fail(terminal, ExitCode.Data, error.Message),
        ModelFormatException => Fail(terminal, ExitCode.Model, error.Message),
        HubException => Fail(terminal, ExitCode.Network, error.Message),
        IOException or UnauthorizedAccessException => Fail(terminal, ExitCode.Model, error.Message),
        InsufficientMemoryException => Fail(terminal, ExitCode.Internal, error.Message),
        OutOfMemoryException => Fail(
            terminal, ExitCode.Internal, "memory: more was needed than this machine allows. Make the data, the network or the number of threads smaller."),
        NonFiniteLossException or ParityException => Fail(terminal, ExitCode.CheckFailed, error.Message),
        _ => Fail(
            terminal, ExitCode.Internal, $"An error inside Inkling ({error.GetType().Name}: {error.Message}). --verbose shows where."),
    };

    private static int Fail(Terminal terminal, int code, string message)
    {
        terminal.WriteErrorLine($"inkling: {message}");
        return code;
    }
}
