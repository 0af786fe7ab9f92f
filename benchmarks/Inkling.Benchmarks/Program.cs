using System.Globalization;
using BenchmarkDotNet.Running;

namespace Inkling.Benchmarks;

/// <summary>
/// <c>onnxruntime FOLDER [PAIRS]</c> compares with ONNX Runtime on the files of <c>export_networks.py</c>; <c>label-errors [IMAGES
/// [SEEDS [SCHEME]]]</c> compares ways of looking for wrong labels, and <c>label-errors judge</c> measures the one that ships;
/// <c>data-check IMAGES</c> checks a generated set; <c>likeness DATA</c> measures what images of a set have in common; <c>trial RECIPE
/// DATA last|random IMAGES [SEED [THREADS]]</c> trains a recipe and judges it by that many training images; <c>averaging STUDY</c> says
/// what averages of a study's networks would be worth; <c>threads NETWORK</c> how many times as fast all threads train as one; anything
/// else is BenchmarkDotNet's, e.g. <c>--filter *Convolution*</c>.
/// </summary>
internal static class Program
{
    private const int DefaultPairs = 5;

    private static int Main(string[] args)
    {
        if (args is ["onnxruntime", string folder, ..])
        {
            OnnxRuntimeComparison.Run(folder, Number(args, 2) ?? DefaultPairs);
            return 0;
        }

        if (args is ["onnxruntime-one", string files, string network, _, _, string which])
        {
            OnnxRuntimeComparison.MeasureOne(files, network, Number(args, 3)!.Value, Number(args, 4)!.Value, which == "inkling");
            return 0;
        }

        if (args is ["label-errors", "judge"])
        {
            LabelErrorSchemes.Judge();
            return 0;
        }

        if (args is ["label-errors", ..])
        {
            LabelErrorSchemes.Run(Number(args, 1) ?? 20_000, Number(args, 2) ?? 2, Number(args, 3));
            return 0;
        }

        if (args is ["data-check", _])
        {
            DataCheckScale.Run(Number(args, 1)!.Value);
            return 0;
        }

        if (args is ["likeness", string images])
        {
            DatasetLikeness.Run(images);
            return 0;
        }

        if (args is ["averaging", string study])
        {
            AveragingGain.Run(study);
            return 0;
        }

        if (args is ["threads", string reference])
        {
            ThreadScaling.Run(reference);
            return 0;
        }

        if (args is ["trial", string recipe, string data, ("last" or "random") and var held, _, ..])
        {
            RecipeTrial.Run(
                recipe, data, Number(args, 4)!.Value, held == "last", (ulong)(Number(args, 5) ?? 1),
                Number(args, 6) ?? Environment.ProcessorCount);
            return 0;
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }

    private static int? Number(string[] args, int index) =>
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : null;
}
