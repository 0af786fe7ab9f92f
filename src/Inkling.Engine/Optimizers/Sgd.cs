namespace Inkling.Engine;

/// <summary>
/// Stochastic gradient descent with momentum and decoupled weight decay:
/// v ← μ·v + g; w ← w − η·λ·w − η·(g + μ·v) (Nesterov), or − η·v.
/// </summary>
/// <remarks>
/// Momentum as in PyTorch (Sutskever et al. 2013, without dampening); decay decoupled (Loshchilov and Hutter 2017,
/// arXiv:1711.05101) and only on filters and matrices.
/// </remarks>
public sealed unsafe class Sgd(Network network, float momentum, bool nesterov, float weightDecay) : Optimizer(network, stateBuffers: 1)
{
    private protected override void Update(
        KernelSet kernels, int step, float learningRate, Parameter parameter, float* parameters, float* gradients, nint start, nint end) =>
        kernels.Run(new SgdUpdate(
            parameters, gradients, State[0].Data, start, end, learningRate, momentum, nesterov, parameter.Decays ? weightDecay : 0));
}
