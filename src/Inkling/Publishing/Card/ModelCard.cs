using System.Globalization;
using System.Text.RegularExpressions;
using Inkling.Augmentation;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Publishing.Card;

/// <summary>
/// A package's <c>README.md</c>: generated from its other files, never typed, and the same bytes wherever the model is made.
/// Times are left out for that reason; <c>metrics.json</c> has them.
/// </summary>
public static partial class ModelCard
{
    /// <summary>The card's parts in order; one that has nothing to say about a package gives null.</summary>
    private static readonly Func<CardFacts, string?>[] Sections =
        [Summary, CardNumbers.Write, CardRobustness.Write, CardUsage.Write, CardData.Write, Training, Limits, Verification, Cost, Files];

    /// <summary>The card of a package.</summary>
    /// <param name="folder">With at least the lock, <c>config.json</c> and <c>metrics.json</c>.</param>
    /// <param name="repository">Its name on the Hub, <c>USER/NAME</c>, if it has one.</param>
    /// <exception cref="ModelFormatException">One of these files isn't what it should be.</exception>
    public static string Create(string folder, string? repository = null)
    {
        CardFacts facts = CardFacts.Read(folder, repository);
        return MetricsFile.Guard(
            folder, () => FrontMatter.Write(facts) + "\n" + string.Join('\n', Sections.Select(section => section(facts)).OfType<string>()));
    }

    /// <summary>The card that a package's other files give today, under the name that its own card has.</summary>
    /// <param name="folder">The package.</param>
    /// <returns>Null if the package has no card, one that doesn't say how the model is called, or no sound figures.</returns>
    internal static string? Remake(string folder)
    {
        string path = Path.Combine(folder, PackageFiles.Card);
        Match name = VerifyLine().Match(File.Exists(path) ? File.ReadAllText(path) : "");
        try
        {
            return name.Success && File.Exists(Path.Combine(folder, PackageFiles.Metrics))
                ? Create(folder, name.Groups["name"].Value)
                : null;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a package's card is as it was made, so that it may be made anew without anybody's words being lost.</summary>
    internal static bool IsGenerated(string folder) =>
        Remake(folder) is { } made && made == File.ReadAllText(Path.Combine(folder, PackageFiles.Card));

    private static string Summary(CardFacts facts) => $"""
        # {facts.Folder}

        Classifies {facts.Dataset.Subject}, into {facts.Config.Classes.Count} classes ({string.Join(", ", facts.Config.Classes.Take(20))}{(facts.Config.Classes.Count > 20 ? ", …" : "")}).{Accuracy(facts)}
        {Architecture(facts)}
        It is a reproducible build: anyone can train it again from `{PackageFiles.Lock}` and compare bytes.

        """;

    private static string Accuracy(CardFacts facts) => facts.Test is { } test
        ? $" {CardNumbers.Percent(test["accuracy"])} of the test images of\n{facts.Dataset.Title} are recognised ({CardNumbers.Interval(test["accuracy_interval95"])})."
        : "";

    private static string Architecture(CardFacts facts) => (facts.ResNet is { } resNet
        ? $"The network is a residual one of {resNet.Depths.Sum()} blocks ({string.Join(", ", resNet.HiddenSizes)} channels), a genuine `ResNetForImageClassification`"
        : "The network is a sequence of layers that Inkling's own `config.json` describes")
        + string.Create(
            CultureInfo.InvariantCulture, $" with {facts.Metrics["model"]!["parameters"]!.GetValue<int>():N0}\ntrained numbers.");

    private static string Training(CardFacts facts)
    {
        Recipe recipe = facts.Lock.Recipe;
        return string.Create(CultureInfo.InvariantCulture, $"""
            ## Training

            {facts.Lock.Split.Train:N0} images of {facts.Dataset.Title} for training, {facts.Lock.Split.Validation:N0} of its training images held out to choose by; {facts.Lock.Weights.Steps:N0} steps of
            {recipe.BatchSize} images with {OptimizerName(recipe)} and label smoothing of {recipe.Loss.LabelSmoothing}. {Augmentation(recipe.Augmentation)}{Refinement(recipe)}{Sizes(recipe)}
            Recipe `{recipe.Name}`, seed {facts.Lock.Seed}, numeric contract {facts.Lock.Contract}, Inkling {facts.Lock.Product.Version}; `{PackageFiles.Lock}` has every setting and
            `{PackageFiles.History}` every epoch. No network trained before was used.

            """);
    }

    private static string OptimizerName(Recipe recipe) => recipe.Optimizer switch
    {
        SgdRecipe => "stochastic gradient descent",
        MuonRecipe => "Muon",
        _ => "AdamW",
    };

    private static string Augmentation(AugmentationPipeline? pipeline)
    {
        if (pipeline is not { Movement: var a } augmentation)
        {
            return "Images are not\nchanged in training.";
        }

        string[] movements =
        [
            .. Movement(a.RotationDegrees, $"turned by up to {a.RotationDegrees}°"), .. Movement(
                a.Scale, $"scaled by up to\n{100 * a.Scale:0.####} %"),
            .. Movement(a.Shear, $"sheared by up to {a.Shear}"), .. Movement(a.ShiftPixels, $"shifted by up to {a.ShiftPixels} pixels"),
        ];
        string others = string.Join(", ", augmentation.TransformNames.Select(key => key.Replace('_', ' ')));
        string moved = movements.Length == 0
            ? "Images stay\nin their place."
            : $"Each image is {Enumeration(movements)}, anew in every epoch.";
        return moved + (others.Length > 0 ? $" Also: {others}." : "");
    }

    private static string Refinement(Recipe recipe) => recipe.Refinement is { } refinement
        ? $" From epoch {recipe.Epochs - refinement.Epochs + 1} of {recipe.Epochs} on, this instead, and label smoothing of {refinement.Loss.LabelSmoothing.ToString(CultureInfo.InvariantCulture)}: {Augmentation(refinement.Augmentation)}"
        : "";

    private static string[] Movement(double most, FormattableString text) => most > 0 ? [FormattableString.Invariant(text)] : [];

    private static string Enumeration(string[] parts) =>
        parts is [.. [_, ..] first, string last] ? $"{string.Join(", ", first)} and {last}" : parts[0];

    private static string Sizes(Recipe recipe) => recipe.ProgressiveResizing is { } small
        ? $" The first {small.Epochs} of {recipe.Epochs} epochs saw them at {small.Width}×{small.Height} pixels, the others at {recipe.Input.Width}×{recipe.Input.Height}."
        : "";

    private static string Limits(CardFacts facts) => $"""
        ## Limits and bias

        {facts.Dataset.Origin}

        The model always answers with one of its classes, whatever the picture shows; a high probability for a picture of another kind means
        nothing. It has been judged by its test images and by nothing else. It is not meant for decisions about people.

        """;

    private static string Verification(CardFacts facts) => $"""
        ## How to verify it

        ```sh
        inkling verify {facts.Name}
        ```

        That trains it again on your CPU, from the data, recipe and seed in `{PackageFiles.Lock}`, and compares every byte of the result with
        `{PackageFiles.Weights}`, SHA-256 `{facts.Metrics["model"]!["sha256"]}`.

        """;

    /// <summary>Work in operations, which are the same on every machine; a backward pass costs two forward passes.</summary>
    private static string Cost(CardFacts facts)
    {
        const double OperationsPerSecond = 1e10;
        const double Watts = 50;
        const double JoulesPerWattHour = 3600;
        const double GramsPerWattHour = 0.5;
        const double CentsPerWattHour = 0.03;

        double perImage = facts.Metrics["model"]!["macs"]!.GetValue<long>();
        double training = 3 * facts.Lock.Recipe.BatchSize * MultiplyAddsOfSteps(facts.Lock);
        double wattHours = training / OperationsPerSecond * Watts / JoulesPerWattHour;
        return string.Create(CultureInfo.InvariantCulture, $"""
            ## Cost

            One image takes {perImage / 1e6:F1} million multiply-adds, the whole training {training / 1e12:#,0.###} trillion, on CPUs only. A computer that does ten thousand million of
            them a second at 50 W would need {wattHours:#,0.##} Wh for the training, or {wattHours * GramsPerWattHour:#,0.##} g of CO₂ where a kilowatt-hour causes 500 g, and
            {wattHours * CentsPerWattHour:#,0.##} cents where it costs 30. Current computers need less; searching for the recipe is not in it. The time that it took is in `metrics.json`.

            """);
    }

    private static double MultiplyAddsOfSteps(PackageLock packageLock)
    {
        Recipe recipe = packageLock.Recipe;
        Network whole = recipe.Build(packageLock.Data.Classes.Count);
        return recipe.MultiplyAddsOf(
            packageLock.Weights.Steps, packageLock.Split.Train / recipe.BatchSize, recipe.ProgressiveResizing?.Shrink(whole) ?? whole,
            whole);
    }

    private static string Files(CardFacts facts) => $"""
        ## Files

        | file | content |
        |---|---|
        | `{PackageFiles.Weights}`, `{PackageFiles.Config}`, `{PackageFiles.Preprocessor}` | the model{(facts.ResNet is null ? "" : " for `transformers`")} |
        | `{PackageFiles.Onnx}` | `pixel_values`, normalised, to `logits` |
        | `{PackageFiles.OnnxWithPreprocessing}` | `images`, raw bytes, to `probabilities`, calibrated, and `label` |
        | `{PackageFiles.Calibration}` | the temperature of the probabilities, and from when on an answer is sure |
        | `{PackageFiles.Metrics}`, `{PackageFiles.History}`, `{PackageFiles.Report}` | what it is worth, how it got there, and both for people |
        | `{PackageFiles.Lock}` | everything that decided its bytes |

        The model is under the MIT licence. `samples/` has {facts.Samples.Count} of the test images; of the training images there is none here.

        """;

    [GeneratedRegex("^inkling verify (?<name>\\S+)$", RegexOptions.Multiline)]
    private static partial Regex VerifyLine();
}
