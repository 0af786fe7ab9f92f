using Inkling.Training;

namespace Inkling.Tests.Support;

/// <summary>Stops a training run after one of its steps.</summary>
/// <param name="step">From 1.</param>
/// <param name="stop">What the run listens to.</param>
internal sealed class StoppingAfter(int step, CancellationTokenSource stop) : ITrainingObserver
{
    public void Stepped(StepProgress progress)
    {
        if (progress.Step == step)
        {
            stop.Cancel();
        }
    }
}
