using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Inkling.Engine;

namespace Inkling.ReproducibilityProbe;

/// <summary>Under which conditions this process really runs, whatever it was started with.</summary>
internal static partial class Facts
{
    internal static IReadOnlyDictionary<string, string> Of(EngineCompilation compilation) => new Dictionary<string, string>
    {
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        ["instructions"] = Instructions(),
        ["build"] = IsDebugBuild() ? "debug" : "release",
        ["code"] = compilation.Kind,
        ["libc"] = Libc(),
        ["half"] = 0.5.ToString(CultureInfo.CurrentCulture),
        ["capital-i"] = "i".ToUpper(CultureInfo.CurrentCulture),
        ["utc-offset"] = TimeZoneInfo.Local.BaseUtcOffset.ToString("c", CultureInfo.InvariantCulture),
    };

    /// <summary>The best there is, if everything that tells of instructions agrees on it.</summary>
    private static string Instructions()
    {
        bool avx512 = Vector512.IsHardwareAccelerated && Avx512F.IsSupported;
        bool noAvx512 = !Vector512.IsHardwareAccelerated && !Avx512F.IsSupported;
        bool avx2 = Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported;
        bool noAvx2 = !Vector256.IsHardwareAccelerated && !Avx2.IsSupported && !Fma.IsSupported;
        bool none = !Vector128.IsHardwareAccelerated && !Vector.IsHardwareAccelerated && !Sse3.IsSupported && !AdvSimd.IsSupported;
        return (avx512, noAvx512, avx2, noAvx2, Vector128.IsHardwareAccelerated, none) switch
        {
            (true, _, true, _, true, _) => "avx512",
            (_, true, true, _, true, _) => "avx2",
            (_, true, _, true, true, _) when AdvSimd.Arm64.IsSupported => "neon",
            (_, true, _, true, true, _) when Sse2.IsSupported => "sse",
            (_, true, _, true, _, true) => "none",
            _ => "contradictory",
        };
    }

    private static bool IsDebugBuild() =>
        typeof(NumericContract).Assembly.GetCustomAttributes(typeof(DebuggableAttribute), inherit: false)
            is [DebuggableAttribute { IsJITOptimizerDisabled: true }];

    private static string Libc()
    {
        try
        {
            return "glibc-" + Marshal.PtrToStringUTF8(GnuGetLibcVersion());
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains("musl", StringComparison.Ordinal)
                ? "musl" : "another";
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "gnu_get_libc_version")]
    private static partial IntPtr GnuGetLibcVersion();
}
