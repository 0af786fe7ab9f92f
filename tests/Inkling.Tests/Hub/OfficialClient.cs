using System.Text.Json.Nodes;
using Inkling.StandInHub;
using Inkling.Tests.Support;

namespace Inkling.Tests.Hub;

/// <summary>The Hub's own JavaScript client, in a process of its own.</summary>
internal static class OfficialClient
{
    private const string Folder = "tests/official-clients";

    internal static JsonNode? Run(HubServer hub, string token, params string[] args)
    {
        ChildResult result = Start(hub, token, args);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', args)}: {result.Error}");
        return JsonNode.Parse(result.Output.Length > 0 && result.Output != "undefined\n" ? result.Output : "null");
    }

    /// <summary>What the client says when the Hub refuses.</summary>
    internal static string Fail(HubServer hub, string token, params string[] args)
    {
        ChildResult result = Start(hub, token, args);
        Assert.Equal(1, result.ExitCode);
        return result.Error;
    }

    private static ChildResult Start(HubServer hub, string token, string[] args)
    {
        Assert.True(Directory.Exists(Repository.Path(Folder + "/node_modules")), $"{Folder}: not installed; ./test installs it");
        return ChildProcess.Run("node", [Repository.Path(Folder + "/hub.mjs"), hub.Endpoint, token, .. args]);
    }
}
