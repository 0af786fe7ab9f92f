namespace Inkling.Tests.Support;

/// <summary>The packages that restoring this repository has left: tests restore from them, so that they need no network.</summary>
internal static class RestoredPackages
{
    internal static string Folder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
        ? chosen
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
