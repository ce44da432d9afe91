using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Governance;
using Vigie.Store;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Store;

/// <summary>
/// A process that writes is killed at random moments, again and again on the same store: what it was told is stored is
/// there, every position agrees with what was found up to it, and nothing is there twice.
/// </summary>
[Collection("acceptance")]
public sealed class KillTests(PostgreSqlServer server)
{
    private const int Seed = 1871;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite", 8)]
    [InlineData("postgresql", 3)]
    public async Task Killing_the_writer_loses_nothing_acknowledged_and_doubles_nothing(string engine, int rounds)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill -9 is a Unix signal.");
        await using var test = engine == "sqlite" ? await TestStore.SqliteAsync() : await TestStore.PostgreSqlAsync(server);
        await test.Store.DisposeAsync();
        var random = new Random(Seed);
        for (var round = 0; round < rounds; round++)
        {
            var acknowledged = await WriteAndKillAsync(test, random.Next(1, 1500), random.Next(0, 30));
            await test.ReopenAsync();
            await AssertWholeAsync(test.Store, acknowledged, $"seed {Seed}, round {round}");
            await test.Store.DisposeAsync();
        }

        await test.ReopenAsync();
        Assert.Null(test.Store.Dialect.FindDamage(test.Store.Dialect.OpenWriter()));
    }

    private static async Task<IReadOnlyList<(string Writer, int Number)>> WriteAndKillAsync(TestStore test, int acknowledgements, int extraMilliseconds)
    {
        var acks = Path.Combine(test.Folder, "acknowledged");
        await File.WriteAllTextAsync(acks, "", Token);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Vigie.Tests"), ["-class", typeof(KilledWriter).FullName!, "-explicit", "only"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["VIGIE_TEST_WRITER_DATA"] = test.Folder;
        start.Environment["VIGIE_TEST_WRITER_SERVER"] = test.Settings.PostgreSql;
        start.Environment["VIGIE_TEST_WRITER_ACKS"] = acks;
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(Token);
        var errors = child.StandardError.ReadToEndAsync(Token);
        while (CountLines(acks) < acknowledgements && !child.HasExited) await Task.Delay(5, Token);
        await Task.Delay(extraMilliseconds, Token);
        if (child.HasExited) Assert.Fail($"The writer ended by itself: {await output}{await errors}");
        Assert.Equal(0, PosixSignals.Send(child.Id, PosixSignals.Kill));
        await child.WaitForExitAsync(Token);

        var whole = (await File.ReadAllTextAsync(acks, Token)).Split('\n')[..^1];
        return [.. whole.Select(line => line.Split(' ')).Select(parts => (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)))];
    }

    private static async Task AssertWholeAsync(Vigie.Store.Store store, IReadOnlyList<(string Writer, int Number)> acknowledged, string round)
    {
        var entries = await store.ReadAsync(
            (connection, _) => connection.QueryAsync<(string Writer, string Number)>("SELECT actor, subject FROM journal ORDER BY id"), Token);
        var byWriter = entries.ToLookup(entry => entry.Writer, entry => int.Parse(entry.Number, CultureInfo.InvariantCulture));
        foreach (var writer in byWriter)
        {
            // The journal takes everything it is given: a write that took place twice would stand in it twice.
            Assert.True(writer.SequenceEqual(Enumerable.Range(1, writer.Count())), $"{round}: {writer.Key} has {string.Join(' ', writer)}");
            var position = await new Positions(store, TimeProvider.System).FindAsync(writer.Key, Token);
            Assert.True(position == writer.Count().ToString(CultureInfo.InvariantCulture), $"{round}: {writer.Key} stands at {position} with {writer.Count()} entries");
        }

        foreach (var (writer, number) in acknowledged) Assert.True(byWriter[writer].Contains(number), $"{round}: {writer} {number} was acknowledged and is lost");
        var findings = await store.ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM finding"), Token);
        var entities = await store.ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM finding_entity"), Token);
        Assert.True(findings == byWriter.Sum(writer => writer.Count()) && entities == 2 * findings, $"{round}: {findings} findings, {entities} entities");
    }

    private static int CountLines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Count(c => c == '\n');
    }
}

/// <summary>The process that <see cref="KillTests"/> kills; never part of a normal run.</summary>
public sealed class KilledWriter
{
    private const int Writers = 8;

    [Fact(Explicit = true)]
    public async Task Writes_until_killed()
    {
        var data = Environment.GetEnvironmentVariable("VIGIE_TEST_WRITER_DATA");
        Assert.SkipWhen(data is null, "Started by KillTests only.");
        var server = Environment.GetEnvironmentVariable("VIGIE_TEST_WRITER_SERVER");
        var settings = new StoreSettings { DataDirectory = data, PostgreSql = string.IsNullOrEmpty(server) ? null : server };
        await using var store = new Vigie.Store.Store(settings, TimeProvider.System, NullLoggerFactory.Instance, null, StoreRole.Node);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        // Unbuffered: a line is with the kernel once it is written, whatever happens to this process.
        await using var acks = new FileStream(
            Environment.GetEnvironmentVariable("VIGIE_TEST_WRITER_ACKS")!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(store, acks, writer)));
    }

    // As a source does: it goes on after the position the store has, and each write moves the position with it.
    private static async Task WriteAsync(Vigie.Store.Store store, FileStream acks, int writer)
    {
        var token = TestContext.Current.CancellationToken;
        var findings = new Findings(store, TimeProvider.System);
        var positions = new Positions(store, TimeProvider.System);
        var journal = new Journal(store, TimeProvider.System);
        var name = $"writer{writer}";
        for (var number = int.Parse(await positions.FindAsync(name, token) ?? "0", CultureInfo.InvariantCulture) + 1; ; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            await store.WriteAsync(
                (Lane)(writer % 3),
                transaction =>
                {
                    findings.Save(transaction, SomeFinding.Number(writer * 1_000_000 + number));
                    positions.Save(transaction, name, text);
                    journal.Append(transaction, name, "test.write", text, "");
                },
                token);
            var line = System.Text.Encoding.ASCII.GetBytes($"{name} {text}\n");
            lock (acks) acks.Write(line);
        }
    }
}
