using System.CommandLine;
using System.Globalization;
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
        var data = new Argument<string>("DATA") { Description = "mnist, or a folder of IDX files", DefaultValueFactory = _ => "mnist" };
        var recipe = new Option<string>("--recipe")
        {
            Description = $"{string.Join(", ", Recipe.BuiltIn)}, or a .json file",
            DefaultValueFactory = _ => "standard",
            HelpName = "R",
        };
        var seed = new Option<ulong?>("--seed") { Description = "instead of the recipe's", HelpName = "N" };
        var output = new Option<string>("--out") { Description = "the picture", DefaultValueFactory = _ => "preview.png", HelpName = "FILE" };
        var count = new Option<int?>("--images") { Description = "how many to draw; all of the batch by default", HelpName = "N" };
        count.Validators.Add(result => SharedOptions.RequirePositive(result, count));
        data.Validators.Add(result => SharedOptions.RequireText(result, data.Name));
        output.Validators.Add(result => SharedOptions.RequireText(result, output.Name));

        var command = new Command("preview", "Draw the first batch that training would see, originals beside results.")
        {
            data, recipe, seed, count, output,
        };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                parsed.GetRequiredValue(data),
                parsed.GetRequiredValue(recipe),
                parsed.GetValue(seed),
                parsed.GetValue(count),
                parsed.GetRequiredValue(output)),
            cancellation));
        return command;
    }

    private static int Run(Terminal terminal, string data, string recipeName, ulong? seed, int? count, string path)
    {
        Recipe recipe = Recipe.Load(recipeName);
        ImageDataset dataset = DataAccessException.Guard(() => Datasets.Load(data));
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
