using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Inkling.ReproducibilityProbe;

/// <summary>Listens to the just-in-time compiler: which methods of the engine it compiled by tiers (quickly first, well later).</summary>
internal sealed class JitTiers : EventListener
{
    // Bits 7 to 9 of MethodFlags in the runtime's event MethodLoadVerbose: 3 is quickly jitted, 4 optimised at tier 1,
    // 5 the same on the way. 2 is optimised at once, as everything is where there are no tiers.
    private const int TierShift = 7;
    private const int TierMask = 7;
    private const int FirstTiered = 3;
    private const EventKeywords Jit = (EventKeywords)0x10;

    private readonly ConcurrentQueue<string> _tiered = new();

    internal IEnumerable<string> Tiered => _tiered;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Jit);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true)
        {
            return;
        }

        object? Payload(string name) => eventData.Payload![eventData.PayloadNames!.IndexOf(name)];
        int tier = (int)((uint)Payload("MethodFlags")! >> TierShift) & TierMask;
        string space = (string)Payload("MethodNamespace")!;
        if (tier >= FirstTiered && space.StartsWith("Inkling.Engine", StringComparison.Ordinal))
        {
            _tiered.Enqueue($"{space}.{Payload("MethodName")}");
        }
    }
}
