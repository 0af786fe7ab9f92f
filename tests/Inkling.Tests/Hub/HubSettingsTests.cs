using Inkling.Hub;
using Inkling.Tests.Support;

namespace Inkling.Tests.Hub;

/// <summary>The environment variables and files of the official clients.</summary>
public sealed class HubSettingsTests
{
    private const string Secret = "hf_abcdefghijklmnopqrstuvwxyzABCDEF";

    [Fact]
    public void From_NothingSet_IsTheHubAndTheUsualFolders()
    {
        HubSettings settings = From();

        Assert.Equal("https://huggingface.co/", settings.Endpoint.AbsoluteUri);
        Assert.EndsWith(Path.Combine(".cache", "huggingface", "hub"), settings.CacheFolder, StringComparison.Ordinal);
        Assert.False(settings.IsOffline);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.AnswerTimeout);
    }

    [Theory]
    [InlineData("/a", "HF_HUB_CACHE=/a", "HUGGINGFACE_HUB_CACHE=/b", "HF_HOME=/c")]
    [InlineData("/b", "HUGGINGFACE_HUB_CACHE=/b", "HF_HOME=/c")]
    [InlineData("/c/hub", "HF_HOME=/c", "XDG_CACHE_HOME=/d")]
    [InlineData("/d/huggingface/hub", "XDG_CACHE_HOME=/d")]
    public void From_CacheVariables_HaveTheOfficialOrder(string folder, params string[] variables) =>
        Assert.Equal(folder, From(variables).CacheFolder);

    [Fact]
    public void From_Variables_AreHeeded()
    {
        HubSettings settings = From(
            "HF_ENDPOINT=http://mirror.example:8080/", "HF_HUB_OFFLINE=yes", "HF_HUB_DISABLE_SYMLINKS=1", "HF_HUB_ETAG_TIMEOUT=2.5", "HF_HUB_DOWNLOAD_TIMEOUT=30");

        Assert.Equal("mirror.example:8080", settings.Endpoint.Authority);
        Assert.True(settings.IsOffline);
        Assert.False(settings.UsesSymlinks);
        Assert.Equal(2.5, settings.AnswerTimeout.TotalSeconds);
        Assert.Equal(30, settings.StallTimeout.TotalSeconds);
    }

    [Theory]
    [InlineData("HF_ENDPOINT=huggingface")]
    [InlineData("HF_ENDPOINT=file:///etc")]
    [InlineData("HF_ENDPOINT=https://user:word@huggingface.co")]
    [InlineData("HF_HUB_ETAG_TIMEOUT=soon")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT=-1")]
    public void From_ValueOfNoUse_NamesTheVariable(string variable) =>
        Assert.Contains(variable.Split('=')[0], Assert.Throws<HubException>(() => From(variable)).Message, StringComparison.Ordinal);

    [Fact]
    public void Token_IsFoundWhereTheOfficialClientsLook()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["token"], $"  {Secret}File\n");
        File.WriteAllText(folder["other"], $"{Secret}Other");
        string home = "HF_HOME=" + folder["."];

        Assert.Equal(Secret + "1", Sent(From(home, $"HF_TOKEN={Secret}1", $"HUGGING_FACE_HUB_TOKEN={Secret}2")));
        Assert.Equal(Secret + "2", Sent(From(home, "HF_TOKEN= \n", $"HUGGING_FACE_HUB_TOKEN={Secret}2\n")));
        Assert.Equal(Secret + "File", Sent(From(home)));
        Assert.Equal(Secret + "Other", Sent(From(home, "HF_TOKEN_PATH=" + folder["other"])));
        Assert.Null(From(home, $"HF_TOKEN={Secret}", "HF_HUB_DISABLE_IMPLICIT_TOKEN=1").Token);
        Assert.Null(From("HF_HOME=" + folder["nothing"]).Token);
    }

    [Fact]
    public void Token_IsNoTextToShow()
    {
        HubSettings settings = From($"HF_TOKEN={Secret}");

        Assert.DoesNotContain(Secret, settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, $"{settings.Token}", StringComparison.Ordinal);
        HubException broken = Assert.Throws<HubException>(() => From($"HF_TOKEN={Secret}\r\nHost: elsewhere"));
        Assert.DoesNotContain(Secret, broken.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice/digits", "alice/digits", "main")]
    [InlineData("alice/digits@v1.0", "alice/digits", "v1.0")]
    [InlineData("a/b@refs/pr/1", "a/b", "refs/pr/1")]
    [InlineData("Org_1/x.y-z", "Org_1/x.y-z", "main")]
    public void Parse_Reference_HasRepositoryAndRevision(string text, string id, string revision)
    {
        HubReference reference = HubReference.Parse(text)!;

        Assert.Equal(id, reference.Repository.Id);
        Assert.Equal(revision, reference.Revision);
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("digits")]
    [InlineData("a/b/c")]
    [InlineData("./b")]
    [InlineData("../b")]
    [InlineData("~/b")]
    [InlineData("a/b@")]
    [InlineData("a/b@x/../y")]
    [InlineData("a/b@/x")]
    [InlineData("a/b@x.lock")]
    [InlineData("a/b@x\ny")]
    [InlineData("a/b\n")]
    [InlineData("C:\\a/b")]
    public void Parse_NoReference_GivesNull(string text) => Assert.Null(HubReference.Parse(text));

    private static string Sent(HubSettings settings) => settings.Token!.ToHeader().Parameter!;

    private static HubSettings From(params string[] variables)
    {
        var environment = variables.Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return HubSettings.From(environment.GetValueOrDefault);
    }
}
