using Inkling.Engine;

namespace Inkling.Hub;

/// <summary>The Hub refused, could not be reached, or answered what can't be right.</summary>
public sealed class HubException : InklingException
{
    /// <param name="message">What was tried, what happened, and the next step.</param>
    /// <param name="innerException">What the network said.</param>
    public HubException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The status of the answer; null if there was none.</summary>
    public int? Status { get; internal init; }

    /// <summary>The Hub's own name of the fault, such as <c>RepoNotFound</c>; null if it gave none.</summary>
    public string? ErrorCode { get; internal init; }

    /// <summary>To name when asking the Hub's people; null if there was no answer.</summary>
    public string? RequestId { get; internal init; }

    /// <summary>Whether the same request may go well a little later.</summary>
    public bool IsTransient { get; internal init; }

    /// <summary>Whether there was no answer at all, so that the Hub may or may not have done what was asked.</summary>
    internal bool IsUnanswered => Status is null && IsTransient;

    /// <summary>How long the Hub wants to be left alone.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>What the Hub said, without our words around it.</summary>
    internal string ServerMessage { get; init; } = "";
}
