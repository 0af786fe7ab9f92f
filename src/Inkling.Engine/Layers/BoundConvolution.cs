namespace Inkling.Engine;

/// <summary>
/// A bound convolution of either kind, with its bias and the rectification that follows; in inference it can write the output of a batch
/// norm that follows.
/// </summary>
internal abstract unsafe class BoundConvolution(Binding binding, Tensor output, Tensor outputGradient, Parameter? bias, bool rectifies)
    : BoundLayer(output, outputGradient)
{
    private BatchNorm.Bound? _norm;

    /// <summary>Whether its own outputs are rectified, before anything that follows.</summary>
    internal bool Rectifies => rectifies;

    protected KernelSet Kernels { get; } = binding.Kernels;

    internal void Fuse(BatchNorm.Bound norm)
    {
        _norm = norm;
        norm.IsFused = true;
        BindFused(norm.Output);
    }

    internal sealed override void Forward(in Pass pass)
    {
        float* addend = bias is null ? null : pass.Parameters + bias.Offset;
        if (_norm is not null && !pass.Training)
        {
            Convolve(pass, addend, _norm.InferenceEpilogue(pass), fused: true);
        }
        else
        {
            Convolve(pass, addend, rectifies ? Epilogue.Rectification : default, fused: false);
        }
    }

    internal sealed override void Backward(in Pass pass)
    {
        if (bias is not null)
        {
            Kernels.Run(new BiasGradient(OutputGradient, rectifies ? Output : null, pass.Gradients + bias.Offset, pass.Images));
        }
        else if (rectifies)
        {
            Kernels.Run(new WherePositive(Output, OutputGradient, OutputGradient, pass.Images));
        }

        WeightGradient(pass);
        InputGradient(pass);
    }

    /// <summary>Prepares to write there.</summary>
    protected abstract void BindFused(Tensor output);

    /// <param name="pass">Pass.</param>
    /// <param name="addend">Bias, or null.</param>
    /// <param name="epilogue">What happens to every output.</param>
    /// <param name="fused">Whether the output is the one of <see cref="BindFused"/>.</param>
    protected abstract void Convolve(in Pass pass, float* addend, Epilogue epilogue, bool fused);

    protected abstract void WeightGradient(in Pass pass);

    protected abstract void InputGradient(in Pass pass);
}
