using System.Text.Json;

namespace Inkling.Tests.Support;

/// <summary>Files of Fixtures/, as copied beside the test program.</summary>
internal static class Fixture
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Path(string topic, string name) =>
        System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", topic, name);

    public static T Json<T>(string topic, string name) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path(topic, name)), SnakeCase)!;
}
