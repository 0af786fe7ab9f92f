using System.CommandLine;
using System.Globalization;
using Inkling.Cli.Display;
using Inkling.Data;
using Inkling.Serialization;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling data preview</c>: the batch that training would see, as a picture.</summary>
internal static class DataPreviewCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var data = new Argument<string>("DATA") { Description = DataOptions.Forms, DefaultValueFactory = _ => "mnist" };
        Option<string> recipe = SharedOptions.Recipe();
        var seed = new Option<ulong?>("--seed") { Description = "instead of the recipe's", HelpName = "N" };
        var output = new Option<string>("--out")
        {
            Description = "the picture",
            DefaultValueFactory = _ => "preview.png",
            HelpName = "FILE",
        };
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var count = new Option<int?>("--images") { Description = "how many to draw; all of the batch by default", HelpName = "N" };
        count.Validators.Add(result => SharedOptions.RequirePositive(result, count));
        data.Validators.Add(result => SharedOptions.RequireText(result, data.Name));
        output.Validators.Add(result => SharedOptions.RequireText(result, output.Name));

        var command = new Command("preview", "Draw the first batch that training would see, originals beside results.")
        {
            data, exclusions, offline, recipe, seed, count, output,
        };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                new DataChoice(parsed.GetRequiredValue(data), parsed.GetValue(exclusions), parsed.GetValue(offline)),
                parsed.GetRequiredValue(recipe),
                parsed.GetValue(seed),
                parsed.GetValue(count),
                parsed.GetRequiredValue(output)),
            cancellation));
        return command;
    }

    private static int Run(Terminal terminal, DataChoice data, string recipeName, ulong? seed, int? count, string path)
    {
        Recipe recipe = Recipe.Load(recipeName);
        ImageDataset dataset = DataOptions.Load(terminal, data.Data!, recipe, data.Exclusions, data.Offline);
        var run = new TrainingRun(dataset, recipe, new TrainingRunOptions { Seed = seed });
        IReadOnlyList<PreviewImage> images = [.. run.Preview(epoch: 0).Take(count ?? int.MaxValue)];
        string title = string.Create(
            CultureInfo.InvariantCulture,
            $"{dataset.Name}, recipe {recipe.Name}, seed {seed ?? recipe.Seed}, first batch of epoch 1");
        AtomicFile.Write(path, PreviewPicture.Draw(title, images, dataset.ClassNames));
        terminal.WriteLine($"{path}: {images.Count} images of {dataset.Name} with recipe {recipe.Name}");
        return ExitCode.Success;
    }
}
