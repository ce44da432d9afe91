using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Vigie.Tests.Store;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace Vigie.Tests.Store;

/// <summary>
/// A private PostgreSQL for one test run: the machine's own binaries, a folder that is removed afterwards, a unix
/// socket and no port. Started when the first test asks; every store gets a database of its own.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private string? _folder;
    private Process? _process;
    private int _databases;

    /// <summary>Why the tests on PostgreSQL cannot run here; null where they can.</summary>
    public static string? Missing { get; } = Binaries() is null ? "PostgreSQL is not installed (Debian package postgresql)." : null;

    /// <summary>Skips the test by name where PostgreSQL is missing; in a full run it fails instead.</summary>
    public static void Require()
    {
        if (Missing is null) return;
        if (Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1") Assert.Fail($"{Missing} Run ./vigie test.");
        Assert.Skip(Missing);
    }

    /// <summary>Makes an empty database; gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await StartAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // The end of its standard input tells the shell to stop the server, also when this process is killed.
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        if (_folder is not null) Directory.Delete(_folder, recursive: true);
        _starting.Dispose();
    }

    private async Task StartAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_process is not null) return;
            _folder = Directory.CreateTempSubdirectory("vigie-pg-").FullName;
            Run("chmod", "755", _folder);
            if (Environment.UserName == "root") Run("chown", "postgres", _folder);
            Run(AsServer(), $"{Binaries()}/initdb", "-D", $"{_folder}/data", "-A", "trust", "-U", "vigie", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
            _process = StartServer();
            await WaitUntilReadyAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    // fsync is off: what a power cut loses is the server's affair; these tests kill clients.
    private Process StartServer()
    {
        var script = $"{Binaries()}/postgres -D {_folder}/data -k {_folder} -c listen_addresses='' -c fsync=off -c max_connections=200 "
            + $"-c shared_buffers=32MB >{_folder}/log 2>&1 & server=$!; read -r line; kill -INT $server; wait $server";
        string[] command = [.. AsServer(), "sh", "-c", script];
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, WorkingDirectory = "/tmp" })!;
    }

    private async Task WaitUntilReadyAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                return;
            }
            catch (NpgsqlException) when (attempt < 300)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    private string ConnectionString(string database) => $"Host={_folder};Database={database};Username=vigie;Pooling=false";

    // initdb and postgres refuse to run as root.
    private static string[] AsServer() => Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];

    private static string? Binaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => $"{version}/bin").FirstOrDefault(bin => File.Exists($"{bin}/initdb"))
        : null;

    private static void Run(string program, params string[] arguments) => Run([program], arguments);

    private static void Run(string[] prefix, params string[] arguments)
    {
        string[] command = [.. prefix, .. arguments];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/tmp",
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command[0]}: {error}");
        _ = output;
    }
}
