using Inkling.Data;
using Inkling.Engine;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Support;

/// <summary>Runs that are trained in this process.</summary>
internal static class Trained
{
    internal static TrainedModel By(
        Recipe recipe, ImageDataset data, int threads,
        TrainingRunOptions? options = null, ITrainingObserver? observer = null, CancellationToken? cancellation = null)
    {
        using var team = new WorkerTeam(threads);
        return new TrainingRun(data, recipe, options ?? new TrainingRunOptions())
            .Run(observer ?? new Unwatched(), team, cancellation ?? TestContext.Current.CancellationToken);
    }
}
