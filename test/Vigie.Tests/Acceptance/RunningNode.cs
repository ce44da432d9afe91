using Vigie.Operations;

namespace Vigie.Tests.Acceptance;

/// <summary>
/// The real node inside the test's process: real sockets on free ports, an empty folder. For a test that kills the
/// node, or measures it, see <see cref="NodeProcess"/>.
/// </summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly WebApplication _node;
    private readonly TemporaryFolder? _ownFolder;

    private RunningNode(WebApplication node, Settings settings, TemporaryFolder? ownFolder)
    {
        _node = node;
        _ownFolder = ownFolder;
        Settings = settings;
        Client = new HttpClient { BaseAddress = new Uri(Endpoints.Of("console")[0]) };
    }

    public Settings Settings { get; }

    public IServiceProvider Services => _node.Services;

    public NodeEndpoints Endpoints => _node.Services.GetRequiredService<NodeEndpoints>();

    /// <summary>Talks to the console; no cookies are kept between redirects of different clients.</summary>
    public HttpClient Client { get; }

    /// <summary>
    /// Starts a node. <paramref name="yaml"/> is the whole of vigie.yaml; where it says nothing, every port is free.
    /// </summary>
    public static async Task<RunningNode> StartAsync(string yaml = "", string? dataDirectory = null, CancellationToken cancellationToken = default)
    {
        var folder = dataDirectory is null ? new TemporaryFolder() : null;
        return await StartAsync(Read(yaml, dataDirectory ?? folder!.Path), folder, cancellationToken);
    }

    /// <summary>Starts a node with settings that were read before and changed.</summary>
    public static Task<RunningNode> StartAsync(Settings settings, CancellationToken cancellationToken) => StartAsync(settings, null, cancellationToken);

    private static async Task<RunningNode> StartAsync(Settings settings, TemporaryFolder? folder, CancellationToken cancellationToken)
    {
        var node = Node.Build(settings);
        try
        {
            await node.StartAndAnnounceAsync(cancellationToken);
        }
        catch
        {
            await node.DisposeAsync();
            folder?.Dispose();
            throw;
        }

        return new RunningNode(node, settings, folder);
    }

    public static Settings Read(string yaml, string dataDirectory)
    {
        var settings = Settings.Parse(FreePorts.AddTo(yaml), dataDirectory, out var problems);
        Assert.True(problems.Count == 0, string.Join("\n", problems));
        // A run of many nodes would bury the test results in "ready" lines; a test that wants them sets the level.
        return yaml.Contains("logLevel", StringComparison.Ordinal)
            ? settings
            : settings with { Operations = settings.Operations with { LogLevel = LogLevel.Warning } };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _node.StopAsync(CancellationToken.None);
        await _node.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
