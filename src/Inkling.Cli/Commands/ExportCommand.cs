using System.CommandLine;
using System.Globalization;
using Inkling.Cli.Display;
using Inkling.Cli.Onnx;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Hub;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Onnx;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling export</c>: the model as ONNX, and the proof that it is the same model.</summary>
internal static class ExportCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.Package();
        Option<string?> data = SharedOptions.DataOfPackage();
        Option<bool> offline = DataOptions.Offline();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("export", "Write the model as ONNX, and prove over the test images that it is the same.")
        {
            package, data, offline, threads, json,
        };
        command.SetAction(parsed => Run(
            terminal,
            SharedOptions.Locate(terminal, parsed.GetRequiredValue(package), cancellation),
            new DataChoice(parsed.GetValue(data), Exclusions: null, parsed.GetValue(offline)),
            parsed.GetValue(threads),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static int Run(
        Terminal terminal, PackageLocation location, DataChoice data, int threads, bool json, CancellationToken cancellation)
    {
        using TrainedPackage package = TrainedPackage.Open(location.Folder);
        ImageDataset dataset = data.Load(terminal, package.Lock);
        ImageSet test = DataAccessException.Guard(() => OwnTestImages(package, dataset));
        OnnxFiles files = OnnxFiles.Create(package.Weights, package.Normalization, package.Calibration.Temperature, dataset);
        using var team = new WorkerTeam(threads);
        OnnxParity parity = new ParityProof(package, test, team, cancellation).Of(files);
        if (location.MayWrite)
        {
            new PackageRecorder(package).Record(files, parity);
        }

        if (json)
        {
            terminal.WriteJson(parity.ToJson());
        }
        else
        {
            WriteLine(terminal, PackageFiles.Onnx, files.Plain, "logit", parity.Plain);
            WriteLine(terminal, PackageFiles.OnnxWithPreprocessing, files.WithPreprocessing, "probability", parity.WithPreprocessing);
            terminal.WriteLine($"Compared with {parity.Runtime} over {parity.Images} test images"
                + (location.MayWrite ? $": {Path.Combine(location.Folder, PackageFiles.Parity)}" : "; this package is not to be written to."));
        }

        return parity.ChangedPredictions == 0
            ? ExitCode.Success
            : throw new ParityException(location.Folder, parity);
    }

    /// <summary>What the package was tested with when it was made; anything else would prove nothing about its numbers.</summary>
    private static ImageSet OwnTestImages(TrainedPackage package, ImageDataset dataset)
    {
        if (dataset.Test is null)
        {
            throw new DataFormatException(dataset.Name, null, "test images to compare over", "none", "Name data that has them: --data.");
        }

        ImageSet test = dataset.Test.Open();
        return test.Fingerprint == package.Lock.Data.Fingerprints.Test
            ? test
            : throw new DataFormatException(
                dataset.Name, null, $"the test images of the package's lock, {package.Lock.Data.Fingerprints.Test ?? "none"}", test.Fingerprint, "Name the data that it was trained on: --data.");
    }

    private static void WriteLine(Terminal terminal, string name, byte[] bytes, string what, OnnxFileParity parity) =>
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {bytes.Length:N0} bytes, largest {what} difference {parity.LargestDifference:G2}, {parity.ChangedPredictions} changed predictions"));
}
