using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine.Search;
using Vigie.Incidents.Search;
using Vigie.Tests.Console;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Search;

/// <summary>How fast searching is over a large store. Run by name; it measures, and asserts only what does not depend on the machine.</summary>
public sealed class SearchSpeedTests(PostgreSqlServer server)
{
    private static readonly string[] Asked =
    [
        "powershell", "po", "10.1", "10.1.7", "c:\\users", "appdata\\local\\temp", "cmd.exe", "web shell", "balise", "ws", "ba", "example", "sha256:ab", "abc", "deadbeef", "encoded command night", "T1059", "rule-001",
        "ops\\maba.kosa", "powershell windows users local temp", "beacon 10.3", "nothing-at-all", "e", "mailbox download", "mala", "kofa.example", "log event 555555",
    ];

    [Theory(Explicit = true)]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Searching_100000_findings(string engine)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var test = engine == "sqlite" ? await TestStore.SqliteAsync() : await TestStore.PostgreSqlAsync(server);
        var filling = Stopwatch.StartNew();
        await LargeStore.FillAsync(test.Store, SomeFinding.Start, ct: ct);
        Say($"filled in {filling.Elapsed.TotalSeconds:F1} s, {await SizeAsync(test, ct)} MB");
        var indexing = Stopwatch.StartNew();
        await new SearchIndexer(test.Store, TimeProvider.System, NullLogger<SearchIndexer>.Instance).IndexAllAsync(ct);
        Say($"indexed in {indexing.Elapsed.TotalSeconds:F1} s, {await SizeAsync(test, ct)} MB");

        var index = new SearchIndex(test.Store);
        var times = new List<double>();
        foreach (var typed in Asked)
        {
            var own = new List<double>();
            SearchResults? found = null;
            for (var i = 0; i < 8; i++)
            {
                var watch = Stopwatch.StartNew();
                found = await index.FindAsync(SearchQuery.Parse(typed), new SearchScope(true, true), typed, ct);
                own.Add(watch.Elapsed.TotalMilliseconds);
            }

            times.AddRange(own);
            Say($"{own.Order().ElementAt(4),8:F1} ms median {own.Max(),8:F1} ms most  {typed} ({found!.Incidents.Count}, {found.Findings.Count}, {found.Entities.Count})");
        }

        times.Sort();
        Say($"{times.Count} searches: median {times[times.Count / 2]:F1} ms, p99 {times[(int)(times.Count * 0.99)]:F1} ms, most {times[^1]:F1} ms");
        Assert.True(times.Count > 100);
    }

    private static async Task<long> SizeAsync(TestStore test, CancellationToken ct) => (await test.Store.MeasureAsync(ct)).Used / 1_000_000;

    private static void Say(FormattableString text) => TestContext.Current.SendDiagnosticMessage(text.ToString(CultureInfo.InvariantCulture));
}
