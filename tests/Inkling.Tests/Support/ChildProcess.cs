using System.Diagnostics;

namespace Inkling.Tests.Support;

/// <summary>What a finished process has left.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error);

/// <summary>A real process, neither of whose ends is a terminal.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>Far longer than any test takes: it ends a hung one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Task<string> _output;

    private ChildProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    internal int Id => _process.Id;

    /// <summary>Runs to the end; longer than usual only where <paramref name="patience"/> says so.</summary>
    internal static ChildResult Run(
        string program, IEnumerable<string> args, string? folder = null, IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? patience = null)
    {
        using ChildProcess child = Start(program, args, folder, environment);
        return child.Wait(patience);
    }

    internal static ChildProcess Start(
        string program, IEnumerable<string> args, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        return new ChildProcess(process);
    }

    /// <summary>The next line of standard error; null at its end.</summary>
    internal string? ReadErrorLine() => _process.StandardError.ReadLine();

    /// <summary>Closes standard input, waits, and reads what is left.</summary>
    internal ChildResult Wait(TimeSpan? patience = null)
    {
        _process.StandardInput.Close();
        Task<string> error = _process.StandardError.ReadToEndAsync();
        if (!_process.WaitForExit(patience ?? Patience))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end in {patience ?? Patience}.");
        }

        return new ChildResult(_process.ExitCode, _output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
