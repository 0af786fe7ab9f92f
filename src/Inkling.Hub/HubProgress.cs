namespace Inkling.Hub;

/// <summary>How far a transfer is.</summary>
/// <param name="File">The file on its way.</param>
/// <param name="Done">Bytes of all files that are there, whether sent now or before.</param>
/// <param name="Total">Bytes of all files.</param>
public readonly record struct HubProgress(string File, long Done, long Total);
