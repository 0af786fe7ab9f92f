using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inkling.Tests.Data.Downloads;

/// <summary>A web server on this machine whose answers a test decides.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FileServer(WebApplication application) => _application = application;

    /// <summary>Requests so far: path and range.</summary>
    internal List<(string Path, string Range)> Requests { get; } = [];

    internal static async Task<FileServer> Start(Func<HttpContext, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        var server = new FileServer(application);
        application.Run(context =>
        {
            lock (server.Requests)
            {
                server.Requests.Add((context.Request.Path.Value!, context.Request.Headers.Range.ToString()));
            }

            return answer(context);
        });
        await application.StartAsync();
        return server;
    }

    internal string At(string path) => $"{_application.Urls.Single()}{path}";

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
