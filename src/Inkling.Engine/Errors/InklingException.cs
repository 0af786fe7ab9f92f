namespace Inkling.Engine;

/// <summary>
/// What Inkling refuses or gives up, with a message that says what, where, what was expected and what to do. Errors of the caller are the
/// framework's argument exceptions, and a cancelled call ends in <see cref="OperationCanceledException"/>.
/// </summary>
public abstract class InklingException : Exception
{
    /// <param name="message">One line.</param>
    /// <param name="innerException">The cause, if another exception reported it.</param>
    protected InklingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
