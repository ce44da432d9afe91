using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Vigie.Operations;

namespace Vigie.Tests.Acceptance;

/// <summary>The node as users run it: its own process, started by the executable the build made.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _data;
    private readonly List<string> _output = [];

    private NodeProcess(Process process, string data)
    {
        _process = process;
        _data = data;
    }

    /// <summary>The executable beside the tests: the same code, built with them.</summary>
    public static string Executable => Path.Combine(AppContext.BaseDirectory, "vigie");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Everything the process has written so far, both streams.</summary>
    public string Output
    {
        get { lock (_output) return string.Join('\n', _output); }
    }

    /// <summary>
    /// Starts a node and waits until it is ready. The data folder is the caller's, so that a test can kill and start again.
    /// <paramref name="inlineSockets"/> is what the node finds in its environment (see <see cref="SocketThreads"/>).
    /// </summary>
    public static async Task<NodeProcess> StartAsync(string dataDirectory, string yaml = "", string? inlineSockets = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(Path.Combine(dataDirectory, "run"));
        var settings = Path.Combine(dataDirectory, "vigie.yaml");
        await File.WriteAllTextAsync(settings, FreePorts.AddTo(yaml), cancellationToken);
        File.Delete(Path.Combine(dataDirectory, "run", "endpoints.json"));

        var start = new ProcessStartInfo(Executable, ["up", "--settings", settings, "--data", dataDirectory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[SocketThreads.Inline] = inlineSockets;
        var node = new NodeProcess(Process.Start(start)!, dataDirectory);
        node._process.OutputDataReceived += (_, line) => node.Keep(line.Data);
        node._process.ErrorDataReceived += (_, line) => node.Keep(line.Data);
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        await node.WaitUntilReadyAsync(cancellationToken);
        return node;
    }

    /// <summary>The addresses of a kind from <c>run/endpoints.json</c>.</summary>
    public IReadOnlyList<string> EndpointsOf(string kind)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_data, "run", "endpoints.json")));
        return json.RootElement.TryGetProperty(kind, out var list) ? [.. list.EnumerateArray().Select(a => a.GetString()!)] : [];
    }

    /// <summary>Sends a signal, such as <see cref="PosixSignals.Kill"/>, and waits for the end.</summary>
    public async Task<int> SignalAsync(int signal, CancellationToken cancellationToken)
    {
        Assert.Equal(0, PosixSignals.Send(_process.Id, signal));
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var file = Path.Combine(_data, "run", "endpoints.json");
        while (!File.Exists(file))
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(CancellationToken.None);
                Assert.Fail($"The node ended with {_process.ExitCode} before it was ready:\n{Output}");
            }

            try
            {
                await Task.Delay(20, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _process.Kill();
                Assert.Fail($"The node was not ready within a minute:\n{Output}");
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
    }
}

/// <summary>Signals as <c>kill(2)</c> sends them.</summary>
internal static partial class PosixSignals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>0 when the signal was sent.</summary>
    public static int Send(int process, int signal) => kill(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
