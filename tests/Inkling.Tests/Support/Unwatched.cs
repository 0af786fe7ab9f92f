using Inkling.Training;

namespace Inkling.Tests.Support;

/// <summary>Watches no training.</summary>
internal sealed class Unwatched : ITrainingObserver;
