namespace Inkling.Engine;

/// <summary>
/// Adam with decoupled weight decay: m ← β₁·m + (1 − β₁)·g; s ← β₂·s + (1 − β₂)·g²;
/// w ← w − η·λ·w − η·m̂ / (√ŝ + ε) with m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ).
/// </summary>
/// <remarks>Source: Loshchilov and Hutter 2017, arXiv:1711.05101. Decay only on filters and matrices.</remarks>
public sealed unsafe class AdamW(Network network, float beta1, float beta2, float epsilon, float weightDecay)
    : Optimizer(network, stateBuffers: 2)
{
    private protected override void Update(
        KernelSet kernels, int step, float learningRate, Parameter parameter, float* parameters, float* gradients, nint start, nint end)
    {
        var constants = new AdamWConstants(
            learningRate, beta1, beta2, epsilon, parameter.Decays ? weightDecay : 0, Correction(beta1, step), Correction(beta2, step));
        kernels.Run(new AdamWUpdate(parameters, gradients, State[0].Data, State[1].Data, start, end, constants));
    }

    /// <summary>1 − βᵗ by repeated squaring, t from 1.</summary>
    private static float Correction(double beta, int step)
    {
        double power = 1;
        for (int exponent = step + 1; exponent > 0; exponent >>= 1, beta *= beta)
        {
            power *= (exponent & 1) == 1 ? beta : 1;
        }

        return (float)(1 - power);
    }
}
