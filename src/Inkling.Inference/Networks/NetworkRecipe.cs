using Inkling.Engine;
using Inkling.Serialization;

namespace Inkling.Networks;

/// <summary>The network of a recipe, before the number of classes is known.</summary>
public abstract record NetworkRecipe
{
    /// <summary>Its form in recipes and locks: docs/formats.md#recipe.</summary>
    public static JsonForm<NetworkRecipe> Json => NetworkJson.Network;

    /// <summary>The layers from image to logits.</summary>
    /// <param name="classes">Number of logits.</param>
    public abstract IReadOnlyList<LayerSpec> Expand(int classes);
}

/// <summary>A network of Hugging Face's ResNet architecture.</summary>
/// <param name="Architecture">Its sizes.</param>
public sealed record ResNetRecipe(ResNet Architecture) : NetworkRecipe
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerSpec> Expand(int classes) => Architecture.Expand(classes);
}

/// <summary>A network given layer by layer.</summary>
/// <param name="Layers">From image to logits; may hold <see cref="ClassifierSpec"/>.</param>
public sealed record LayersRecipe(IReadOnlyList<LayerSpec> Layers) : NetworkRecipe
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerSpec> Expand(int classes) => Expand(Layers, classes);

    private static LayerSpec[] Expand(IReadOnlyList<LayerSpec> layers, int classes) =>
        [.. layers.Select(layer => layer switch
        {
            ClassifierSpec classifier => new LinearSpec(classifier.Name, classes, classifier.Bias),
            ResidualSpec residual => new ResidualSpec(Expand(residual.Body, classes), Expand(residual.Shortcut, classes)),
            _ => layer,
        })];
}

/// <summary>A fully connected layer with one output a class: <c>"out_features": "classes"</c>.</summary>
/// <param name="Name">State-dict name.</param>
/// <param name="Bias">Whether a bias is added.</param>
public sealed record ClassifierSpec(string Name, bool Bias) : LayerSpec;
