using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;

namespace Inkling.ReproducibilityProbe;

/// <summary>Listens to the runtime: how it came by the engine's machine code.</summary>
internal sealed class EngineCompilation : EventListener
{
    // Bits 7 to 9 of MethodFlags in the runtime's event MethodLoadVerbose: 3 is quickly jitted, 4 optimised at tier 1,
    // 5 the same on the way. 2 is optimised at once, as everything is where there are no tiers.
    private const int TierShift = 7;
    private const int TierMask = 7;
    private const int FirstTiered = 3;
    private const EventKeywords Jit = (EventKeywords)0x10;
    private const EventKeywords CompilationDiagnostic = (EventKeywords)0x20_0000_0000;

    private volatile bool _tiered;
    private volatile bool _precompiled;

    /// <summary>
    /// <c>aot</c>; <c>readytorun</c> if code from the files was used; <c>tiered</c> or <c>untiered</c> if all was compiled while running.
    /// </summary>
    internal string Kind =>
        !RuntimeFeature.IsDynamicCodeSupported ? "aot"
        : _precompiled ? "readytorun"
        : _tiered ? "tiered" : "untiered";

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Jit | CompilationDiagnostic);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        object? Payload(string name) => eventData.Payload![eventData.PayloadNames!.IndexOf(name)];
        bool IsOfEngine() => ((string)Payload("MethodNamespace")!).StartsWith("Inkling.Engine", StringComparison.Ordinal);

        string name = eventData.EventName ?? "";
        if (name.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) && IsOfEngine())
        {
            _tiered |= ((int)((uint)Payload("MethodFlags")! >> TierShift) & TierMask) >= FirstTiered;
        }
        else if (name == "R2RGetEntryPoint" && IsOfEngine())
        {
            _precompiled = true;
        }
    }
}
