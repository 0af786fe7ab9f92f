namespace Inkling.Cli.Display;

/// <summary>What the process tells the shell; fixed, since scripts rely on it.</summary>
internal static class ExitCode
{
    internal const int Success = 0;
    internal const int CheckFailed = 1;
    internal const int Usage = 2;
    internal const int Data = 3;
    internal const int Model = 4;
    internal const int Network = 5;
    internal const int Internal = 70;
    internal const int Interrupted = 130;
}
