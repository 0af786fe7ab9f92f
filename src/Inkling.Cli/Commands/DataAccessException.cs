namespace Inkling.Cli.Commands;

/// <summary>Data could not be read: absent, or not allowed.</summary>
internal sealed class DataAccessException(string message, Exception innerException) : IOException(message, innerException)
{
    /// <summary>Runs what reads data, so that its errors are told from those of reading or writing packages.</summary>
    internal static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataAccessException(e.Message, e);
        }
    }
}
