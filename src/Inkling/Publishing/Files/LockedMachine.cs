using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inkling.Publishing.Files;

/// <summary>The machine that trained; for information, nothing depends on it.</summary>
/// <param name="Processors">Logical processors that the program may use.</param>
/// <param name="Architecture">E.g. <c>x64</c>, <c>arm64</c>.</param>
/// <param name="VectorBits">Width of its fast vectors: 512, 256, 128, or 0.</param>
/// <param name="OperatingSystem">E.g. <c>linux</c>.</param>
public sealed record LockedMachine(int Processors, string Architecture, int VectorBits, string OperatingSystem)
{
    /// <summary>This machine.</summary>
    public static LockedMachine Current => new(
        Environment.ProcessorCount,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128 : 0,
        System.OperatingSystem.IsWindows() ? "windows"
            : System.OperatingSystem.IsMacOS() ? "macos"
            : System.OperatingSystem.IsLinux() ? "linux" : "other");
}
