using System.Text.Json.Nodes;
using Inkling.Serialization;

namespace Inkling.Preprocessing;

/// <summary>The JSON form of an input, both ways. Schema: docs/formats.md#recipe.</summary>
internal static class InputJson
{
    /// <summary>Reads and checks one.</summary>
    public static InputRecipe Read(StrictValue value)
    {
        StrictObject input = value.Object("channels", "height", "width", "framing");
        StrictValue channels = input["channels"];
        int channelCount = channels.Integer(1, 3);
        if (channelCount == 2)
        {
            channels.Fault("expected 1 or 3; found 2");
        }

        string framing = input["framing"].Text(text => text is "digit" or "none", "\"digit\" or \"none\"");
        return new InputRecipe(
            channelCount,
            input["height"].Integer(1, InputRecipe.MaxSide),
            input["width"].Integer(1, InputRecipe.MaxSide),
            framing == "digit" ? Framing.Digit : Framing.None);
    }

    /// <summary>The tree to write.</summary>
    public static JsonObject Write(InputRecipe input) => new()
    {
        ["channels"] = input.Channels,
        ["height"] = input.Height,
        ["width"] = input.Width,
        ["framing"] = input.Framing == Framing.Digit ? "digit" : "none",
    };
}
