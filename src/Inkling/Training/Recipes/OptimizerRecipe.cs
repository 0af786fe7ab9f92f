using Inkling.Engine;

namespace Inkling.Training.Recipes;

/// <summary>The update rule. Weight decay is decoupled: w ← w − learningRate·weightDecay·w beside the step.</summary>
/// <param name="WeightDecay">Per unit of learning rate.</param>
public abstract record OptimizerRecipe(double WeightDecay)
{
    /// <summary>The engine's optimiser for a network.</summary>
    internal abstract Optimizer Create(Network network);
}

/// <summary>Stochastic gradient descent with momentum.</summary>
/// <param name="Momentum">In [0, 1); 0 for none.</param>
/// <param name="Nesterov">Whether the step looks ahead along the momentum.</param>
/// <param name="WeightDecay">Per unit of learning rate.</param>
public sealed record SgdRecipe(double Momentum, bool Nesterov, double WeightDecay) : OptimizerRecipe(WeightDecay)
{
    internal override Optimizer Create(Network network) =>
        new Sgd(network, (float)Momentum, Nesterov, (float)WeightDecay);
}

/// <summary>Muon: momentum whose steps of filters are made orthogonal (Jordan et al. 2024).</summary>
/// <param name="Momentum">In [0, 1); Nesterov's.</param>
/// <param name="FilterRate">Rate of orthogonal steps, as a multiple of the learning rate, which everything else takes.</param>
/// <param name="WeightDecay">Per unit of learning rate.</param>
public sealed record MuonRecipe(double Momentum, double FilterRate, double WeightDecay) : OptimizerRecipe(WeightDecay)
{
    internal override Optimizer Create(Network network) =>
        new Muon(network, (float)Momentum, (float)WeightDecay, (float)FilterRate);
}

/// <summary>AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101).</summary>
/// <param name="Beta1">Decay of the mean of gradients.</param>
/// <param name="Beta2">Decay of the mean of their squares.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="WeightDecay">Per unit of learning rate.</param>
public sealed record AdamWRecipe(double Beta1, double Beta2, double Epsilon, double WeightDecay) : OptimizerRecipe(WeightDecay)
{
    internal override Optimizer Create(Network network) =>
        new AdamW(network, (float)Beta1, (float)Beta2, (float)Epsilon, (float)WeightDecay);
}
