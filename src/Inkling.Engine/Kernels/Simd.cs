using System.Runtime.Intrinsics;

namespace Inkling.Engine;

/// <summary>The vector registers that kernels use. All of them give the same bits; they differ in speed.</summary>
public enum Simd
{
    /// <summary>128-bit vectors (Arm64), or scalar code where there are none.</summary>
    Vector128,

    /// <summary>256-bit vectors (AVX2 with FMA).</summary>
    Vector256,

    /// <summary>512-bit vectors (AVX-512).</summary>
    Vector512,
}

/// <summary>Which vector registers this machine has, and which ones are used.</summary>
public static class SimdSupport
{
    /// <summary>The variable that forces one: <c>128</c>, <c>256</c> or <c>512</c>.</summary>
    public const string Variable = "INKLING_SIMD";

    /// <summary>The widest that this machine has, or what <see cref="Variable"/> asks for.</summary>
    /// <exception cref="PlatformNotSupportedException">The variable asks for what the machine doesn't have.</exception>
    public static Simd Best { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Whether this machine has these registers in hardware (128 bits always work, in software if need be).</summary>
    public static bool IsSupported(Simd simd) => simd switch
    {
        Simd.Vector512 => Vector512.IsHardwareAccelerated,
        Simd.Vector256 => Vector256.IsHardwareAccelerated,
        _ => true,
    };

    private static Simd Choose(string? wanted)
    {
        Simd simd = wanted switch
        {
            null or "" => IsSupported(Simd.Vector512) ? Simd.Vector512
                : IsSupported(Simd.Vector256) ? Simd.Vector256
                : Simd.Vector128,
            "128" => Simd.Vector128,
            "256" => Simd.Vector256,
            "512" => Simd.Vector512,
            _ => throw new PlatformNotSupportedException($"{Variable}: expected 128, 256 or 512, got '{wanted}'"),
        };
        return IsSupported(simd)
            ? simd
            : throw new PlatformNotSupportedException($"{Variable}={wanted}: this CPU has no such vectors; unset it");
    }
}
