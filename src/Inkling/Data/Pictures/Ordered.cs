using System.Runtime.ExceptionServices;

namespace Inkling.Data.Pictures;

/// <summary>Work on many items at once whose error, if any, is that of the first item: the same one in every run.</summary>
internal static class Ordered
{
    public static void For(int count, Action<int> work)
    {
        var errors = new Exception?[count];
        Parallel.For(0, count, i =>
        {
            try
            {
                work(i);
            }
#pragma warning disable CA1031 // Thrown again below.
            catch (Exception e)
#pragma warning restore CA1031
            {
                errors[i] = e;
            }
        });
        if (Array.Find(errors, error => error is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
