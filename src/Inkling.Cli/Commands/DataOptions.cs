using System.CommandLine;
using Inkling.Cli.Display;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Publishing.Files;
using Inkling.Training.Recipes;

namespace Inkling.Cli.Commands;

/// <summary>Options that say what data a command works on, and the loading of it.</summary>
internal static class DataOptions
{
    internal const string Forms =
        "mnist, fashion-mnist, kmnist, emnist-digits, hf:USER/NAME[@REV], a folder of IDX files, a Parquet file or folder, or a folder with a folder of pictures for each class";

    internal static Option<string> Data()
    {
        var option = new Option<string>("--data") { Description = Forms, DefaultValueFactory = _ => "mnist", HelpName = "D" };
        option.Validators.Add(result => SharedOptions.RequireText(result, option.Name));
        return option;
    }

    internal static Option<string?> Exclusions()
    {
        var option = new Option<string?>("--exclusions")
        {
            Description = "training images to leave out, as 'data check --write-exclusions' lists them",
            HelpName = "FILE",
        };
        option.Validators.Add(result => SharedOptions.RequireText(result, option.Name));
        return option;
    }

    internal static Option<bool> Offline() => new("--offline") { Description = "never use the network" };

    /// <summary>Loads data for a recipe's network.</summary>
    internal static ImageDataset Load(Terminal terminal, string data, Recipe recipe, string? exclusions, bool offline) =>
        Load(terminal, data, new DatasetOptions
        {
            Fit = new Shape(recipe.Input.Channels, recipe.Input.Height, recipe.Input.Width),
            Exclusions = exclusions is null ? null : ExclusionList.Read(exclusions),
            Offline = offline,
        });

    /// <summary>Loads data, from the Hub too, telling of downloads on standard error.</summary>
    internal static ImageDataset Load(Terminal terminal, string data, DatasetOptions options) =>
        DataAccessException.Guard(() => Datasets.Load(data, options with
        {
            Report = terminal.WriteErrorLine,
            Hub = new TerminalHub(terminal),
        }));

    /// <summary>The Hub, with a progress bar.</summary>
    private sealed class TerminalHub(Terminal terminal) : IHubDatasetResolver
    {
        public HubDatasetFiles Resolve(string name, DatasetOptions options) => TransferDisplay.Watch(
            terminal, $"Fetching {name}", progress => new HubDatasets(terminal.Hub).ResolveAsync(name, options, progress));
    }
}

/// <summary>The data that a package is to be judged or rebuilt with.</summary>
/// <param name="Data">Instead of what it was trained on; null for that.</param>
/// <param name="Exclusions">The list that it was trained with; null for none.</param>
/// <param name="Offline">Never use the network.</param>
internal sealed record DataChoice(string? Data, string? Exclusions, bool Offline)
{
    internal ImageDataset Load(Terminal terminal, PackageLock packageLock) =>
        DataOptions.Load(terminal, Data ?? packageLock.Data.Name, packageLock.Recipe, Exclusions, Offline);
}
