namespace Inkling.Engine;

/// <summary>How a tensor begins: value i is a pure function of (seed, tensor, i), i in PyTorch's order.</summary>
public abstract record Initializer
{
    /// <summary>All values equal.</summary>
    public sealed record Constant(float Value) : Initializer
    {
        /// <inheritdoc/>
        public override float At(RandomStream random, uint index) => Value;
    }

    /// <summary>
    /// Normal with mean 0 (Box and Muller 1958). Convolutions use √(2 / (OC·K²)): He et al. 2015, arXiv:1502.01852, "fan out".
    /// </summary>
    public sealed record Normal(double StandardDeviation) : Initializer
    {
        /// <inheritdoc/>
        public override float At(RandomStream random, uint index)
        {
            double radius = Math.Sqrt(-2 * DeterministicMath.Log(1 - random.Uniform(2 * index)));
            double angle = 2 * Math.PI * random.Uniform(2 * index + 1);
            return (float)(StandardDeviation * radius * DeterministicMath.Cos(angle));
        }
    }

    /// <summary>Uniform in ±Bound. Linear layers use 1/√IF, PyTorch's default.</summary>
    public sealed record Uniform(double Bound) : Initializer
    {
        /// <inheritdoc/>
        public override float At(RandomStream random, uint index) => (float)random.Uniform(index, -Bound, Bound);
    }

    /// <summary>The value at an index of the tensor.</summary>
    public abstract float At(RandomStream random, uint index);
}
