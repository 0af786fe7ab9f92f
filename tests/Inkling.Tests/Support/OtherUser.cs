using System.Runtime.InteropServices;

namespace Inkling.Tests.Support;

/// <summary>Somebody who may not read everything: tests often run as root, who may.</summary>
/// <remarks>
/// Linux keeps the user that files are opened as for each thread; leaving root takes the right to ignore permissions away.
/// </remarks>
internal static partial class OtherUser
{
    private const int Nobody = 65534;
    private const int Root = 0;

    /// <summary>Runs something that opens files on its own thread only.</summary>
    /// <returns>What it threw; null if nothing.</returns>
    internal static Exception? Catch(Action work)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            bool isRoot = Environment.IsPrivilegedProcess;
            try
            {
                _ = isRoot ? SetUser(Nobody) : 0;
                work();
            }
#pragma warning disable CA1031 // The test looks at it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                thrown = e;
            }
            finally
            {
                _ = isRoot ? SetUser(Root) : 0;
            }
        });
        thread.Start();
        thread.Join();
        return thrown;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetUser(int user);
}
