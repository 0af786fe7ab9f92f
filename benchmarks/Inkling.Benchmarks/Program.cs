using System.Globalization;
using BenchmarkDotNet.Running;

namespace Inkling.Benchmarks;

/// <summary>
/// <c>onnxruntime FOLDER [PAIRS]</c> compares with ONNX Runtime on the files of <c>export_networks.py</c>; anything else is
/// BenchmarkDotNet's, e.g. <c>--filter *Convolution*</c>.
/// </summary>
internal static class Program
{
    private const int DefaultPairs = 5;

    private static int Main(string[] args)
    {
        if (args is ["onnxruntime", string folder, ..])
        {
            OnnxRuntimeComparison.Run(folder, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : DefaultPairs);
            return 0;
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }
}
