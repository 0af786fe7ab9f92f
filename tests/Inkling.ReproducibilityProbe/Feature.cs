using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Inkling.Engine;

namespace Inkling.ReproducibilityProbe;

/// <summary>What a run can be without, as this process sees it.</summary>
internal static class Feature
{
    /// <summary>Whether a feature is off by everything that tells of it.</summary>
    internal static bool IsOff(string feature) => feature switch
    {
        "avx512" => !Vector512.IsHardwareAccelerated && !Avx512F.IsSupported,
        "avx2" => IsOff("avx512") && !Avx2.IsSupported && !Fma.IsSupported && !Vector256.IsHardwareAccelerated,
        "all" => IsOff("avx2") && !Sse3.IsSupported && !AdvSimd.Arm64.IsSupported
            && !Vector128.IsHardwareAccelerated && !Vector.IsHardwareAccelerated,
        "optimizer" => typeof(NumericContract).Assembly.GetCustomAttributes(typeof(DebuggableAttribute), inherit: false)
            is [DebuggableAttribute { IsJITOptimizerDisabled: true }],
        _ => throw new ArgumentException($"unknown feature {feature}"),
    };
}
