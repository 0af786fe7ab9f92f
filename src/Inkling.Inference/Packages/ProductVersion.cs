using System.Reflection;

namespace Inkling.Packages;

/// <summary>What this build calls itself.</summary>
public static class ProductVersion
{
    private static readonly string[] Parts =
        (typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0")
        .Split('+', 2);

    /// <summary>E.g. <c>0.1.0</c>.</summary>
    public static string Number => Parts[0];

    /// <summary>Commit of the sources; <c>unknown</c> if they were not under version control.</summary>
    public static string Commit => Parts.Length > 1 ? Parts[1] : "unknown";
}
