using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Incidents.Placing;
using Vigie.Protection;
using Vigie.Store;

namespace Vigie.Commands.Eval.Placing;

/// <summary>How many findings a second are saved and placed durably beside a full store, while mail wants to write too.</summary>
/// <param name="findings">How many are in the store before.</param>
/// <param name="entities">How many entities they are about.</param>
/// <param name="place"><c>sqlite</c>, or the connection string of a PostgreSQL database.</param>
/// <param name="progress">Where to say what is being done.</param>
/// <param name="ct">Ends the measurement early.</param>
internal sealed class DurablePlacing(int findings, int entities, string place, TextWriter progress, CancellationToken ct)
{
    private const int Seed = 20261122;

    /// <summary>Watches that save at the same time.</summary>
    private const int Savers = 2;

    private const string Schema = "vigie_eval";

    /// <summary>The most that are saved and placed before it counts.</summary>
    private const int MostWarmUp = 20_000;

    private static readonly TimeSpan MailEvery = TimeSpan.FromMilliseconds(50);

    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("vigie-eval-").FullName;
        var isSqlite = place == "sqlite";
        var settings = new StoreSettings
        {
            DataDirectory = Path.Combine(folder, "data"),
            PostgreSql = isSqlite ? null : new NpgsqlConnectionStringBuilder(place) { SearchPath = Schema }.ToString(),
        };
        try
        {
            if (!isSqlite) await DropSchemaAsync();
            var measured = Math.Max(1000, findings / 10);
            var first = Math.Min(measured, MostWarmUp);
            var world = new Made(new PlacingWorld(entities, Seed), findings + first + measured, DateTimeOffset.UtcNow - PlacingWorld.Span);
            var filled = await FillAsync(settings, world);
            // As a node that starts on a full store: what filling it took of memory, here and in the store's own cache, is given back.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            await using var store = await OpenAsync(settings);
            return await MeasureAsync(store, world, first, measured, filled, isSqlite ? 5000 : 3000);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            if (!isSqlite) await DropSchemaAsync();
        }
    }

    private Task<Store.Store> OpenAsync(StoreSettings settings) => Store.Store.OpenAsync(settings, TimeProvider.System, NullLoggerFactory.Instance, StoreRole.Node, ct);

    private async Task<TimeSpan> FillAsync(StoreSettings settings, Made world)
    {
        await using var store = await OpenAsync(settings);
        Say($"Filling {store.Dialect.Name} with {findings} findings about {entities} entities…");
        var began = Stopwatch.GetTimestamp();
        await new PlacingFill(store, ct).RunAsync(Enumerable.Range(0, findings).Select(world.Finding));
        var filled = Stopwatch.GetElapsedTime(began);
        Say($"Filled in {filled.TotalSeconds:0} s ({Environment.CpuUsage.TotalTime.TotalSeconds:0.0} s of processors). Starting on it…");
        return filled;
    }

    private async Task<IReadOnlyList<Figure>> MeasureAsync(Store.Store store, Made world, int first, int measured, TimeSpan filled, double least)
    {
        await using var services = new ServiceCollection().AddMetrics().AddLogging().AddSingleton(store).AddSingleton(TimeProvider.System).AddSingleton<Findings>().AddSingleton<Journal>()
            .AddProtection(new ProtectionSettings()).AddSingleton<IncidentChanges>().AddSingleton<Suppressions>().AddSingleton<RulePrecision>()
            .AddSingleton(new IncidentsSettings { Horizon = TimeSpan.FromDays(60) }).AddPlacing().BuildServiceProvider();
        var (placer, state, saved) = (services.GetRequiredService<IncidentPlacer>(), services.GetRequiredService<PlacerState>(), services.GetRequiredService<Findings>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var began = Stopwatch.GetTimestamp();
        var placing = placer.RunAsync(stop.Token);
        while (!state.IsReady) await Task.WhenAny(placing, Task.Delay(50, ct)).Unwrap();
        var started = Stopwatch.GetElapsedTime(began);

        Say($"Started in {started.TotalSeconds:0} s ({Environment.CpuUsage.TotalTime.TotalSeconds:0.0} s of processors). Saving and placing {first} more, then {measured}…");
        Finding[] Next(int from, int count) => [.. Enumerable.Range(from, count).Select(world.Finding)];
        async Task<Run> SaveAndPlaceAsync(Finding[] fresh)
        {
            var processors = Environment.CpuUsage.TotalTime;
            var begun = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Savers).Select(saver => SaveAsync(store, saved, [.. fresh.Where((_, i) => i % Savers == saver)])));
            var saving = Stopwatch.GetElapsedTime(begun);
            while (await WaitAsync(store) > 0) await Task.WhenAny(placing, Task.Delay(20, ct)).Unwrap();
            return new Run(fresh.Length, Stopwatch.GetElapsedTime(begun), saving, Environment.CpuUsage.TotalTime - processors);
        }

        var warmUp = await SaveAndPlaceAsync(Next(findings, first));
        var fresh = Next(findings + first, measured);
        var mail = MailAsync(store, stop.Token);
        var run = await SaveAndPlaceAsync(fresh);
        await stop.CancelAsync();
        await placing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var waits = await mail;
        return Figures(store, run, warmUp, filled, started, least, waits);
    }

    private Task<long> WaitAsync(Store.Store store) =>
        store.ReadAsync((connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM (SELECT 1 FROM incident_queue LIMIT 1) waiting", cancellationToken: token)), ct);

    // At the pace of the log watch.
    private async Task SaveAsync(Store.Store store, Findings saved, IReadOnlyList<Finding> findings)
    {
        var pace = WritePace.ForFindings();
        for (var done = 0; done < findings.Count;)
        {
            var portion = findings.Skip(done).Take(pace.Count).ToList();
            var prepared = Findings.Prepare(portion.Select(finding => (finding, false)));
            await store.WriteRepeatableAsync(Lane.Background, transaction => pace.Run(portion.Count, () => saved.Save(transaction, prepared)), ct);
            done += portion.Count;
        }
    }

    private IReadOnlyList<Figure> Figures(Store.Store store, Run run, Run warmUp, TimeSpan filled, TimeSpan started, double least, List<double> waits)
    {
        waits.Sort();
        var rate = run.Rate;
        var data = string.Create(CultureInfo.InvariantCulture, $"{findings:#,0} findings in {store.Dialect.Name}, {entities:#,0} entities, {run.Count:#,0} more saved and placed");
        return
        [
            Figure.AtLeast("placing-durable", "Findings saved and placed a second, committed", data, string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s"), rate, least, string.Create(CultureInfo.InvariantCulture, $"≥ {least:#,0}/s"),
            [
                new FigureRow("saved", string.Create(CultureInfo.InvariantCulture, $"{run.Count / run.Saving.TotalSeconds:#,0}/s"), "while they were placed"),
                new FigureRow("time of processors a finding", string.Create(CultureInfo.InvariantCulture, $"{run.Processors.TotalMicroseconds / run.Count:0} µs"), "of this process, saving and placing"),
                new FigureRow("at first", string.Create(CultureInfo.InvariantCulture, $"{warmUp.Rate:#,0}/s"), string.Create(CultureInfo.InvariantCulture, $"the {warmUp.Count:#,0} before, while the runtime still compiles")),
                new FigureRow("a write of mail meanwhile, median", Milliseconds(waits[waits.Count / 2])),
                new FigureRow("p99", Milliseconds(waits[(int)(0.99 * (waits.Count - 1))]), "with the commit before it and its own"),
                new FigureRow("start", string.Create(CultureInfo.InvariantCulture, $"{started.TotalSeconds:0.0} s"), "until all findings were in memory again"),
                new FigureRow("filling", string.Create(CultureInfo.InvariantCulture, $"{filled.TotalSeconds:0} s")),
            ]),
        ];
    }

    // What a mail server would wait for its answer.
    private static async Task<List<double>> MailAsync(Store.Store store, CancellationToken stop)
    {
        var waits = new List<double>();
        using var timer = new PeriodicTimer(MailEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var began = Stopwatch.GetTimestamp();
                await store.WriteAsync(Lane.Mail, transaction => StoreValues.Set(transaction, "eval.mail", waits.Count), stop);
                waits.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        if (waits.Count == 0) waits.Add(double.NaN);
        return waits;
    }

    private async Task DropSchemaAsync()
    {
        await using var source = NpgsqlDataSource.Create(place);
        await using var drop = source.CreateCommand($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        await drop.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private void Say(FormattableString text) => progress.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms");

    /// <summary>The findings of a world, so many within a span from a time on.</summary>
    private sealed record Made(PlacingWorld World, int All, DateTimeOffset Start)
    {
        public Finding Finding(int number) => PlacingWorld.Whole(World.Finding(number, All), Start);
    }

    private sealed record Run(int Count, TimeSpan Took, TimeSpan Saving, TimeSpan Processors)
    {
        public double Rate => Count / Took.TotalSeconds;
    }
}
