namespace Inkling.Data.Downloads;

/// <summary>The folder where downloads are kept, one folder for each dataset.</summary>
public static class DatasetCache
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "INKLING_CACHE";

    /// <summary>
    /// <c>INKLING_CACHE</c>, or else <c>inkling</c> in the user's cache folder: <c>XDG_CACHE_HOME</c>, <c>~/.cache</c>, or the
    /// local application data of Windows.
    /// </summary>
    public static string DefaultFolder
    {
        get
        {
            string? chosen = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrEmpty(chosen) ? Path.Combine(UserCache(), "inkling") : chosen;
        }
    }

    private static string UserCache()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return string.IsNullOrEmpty(cache)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
            : cache;
    }
}
