using System.Diagnostics.Metrics;
using Vigie.Operations.Metrics;

namespace Vigie.Tests.Operations.Metrics;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly MetricsCollector _collector;

    public PrometheusTextTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _meter = factory.Create("Vigie");
        _collector = new MetricsCollector(factory);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }

    private string Text => string.Concat(PrometheusText.Write(_collector.Collect().Where(f => f.Instrument.Meter.Name == "Vigie")));

    [Fact]
    public void A_counter_adds_up_and_ends_in_total()
    {
        var counter = _meter.CreateCounter<long>("vigie.mail.decisions", "{decision}", "Decisions.");
        counter.Add(2, new KeyValuePair<string, object?>("verdict", "refuse"));
        counter.Add(3, new KeyValuePair<string, object?>("verdict", "refuse"));
        counter.Add(1, new KeyValuePair<string, object?>("verdict", "hold"));
        Assert.Equal(
            "# HELP vigie_mail_decisions_total Decisions.\n# TYPE vigie_mail_decisions_total counter\n" +
            "vigie_mail_decisions_total{verdict=\"refuse\"} 5\nvigie_mail_decisions_total{verdict=\"hold\"} 1\n",
            Text);
    }

    [Fact]
    public void Hostile_label_values_and_help_cannot_break_the_line()
    {
        _meter.CreateCounter<int>("evil", null, "first\nsecond \\ third").Add(1, new KeyValuePair<string, object?>("domain name", "a\"b\\c\nd"));
        Assert.Equal(
            "# HELP evil_total first\\nsecond \\\\ third\n# TYPE evil_total counter\nevil_total{domain_name=\"a\\\"b\\\\c\\nd\"} 1\n",
            Text);
    }

    [Fact]
    public void A_histogram_has_cumulated_buckets_a_sum_and_a_count()
    {
        var histogram = _meter.CreateHistogram("vigie.wait", "s", "Wait.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.05);
        histogram.Record(0.1);
        histogram.Record(0.5);
        histogram.Record(7);
        Assert.Equal(
            "# HELP vigie_wait_seconds Wait.\n# TYPE vigie_wait_seconds histogram\n" +
            "vigie_wait_seconds_bucket{le=\"0.1\"} 2\nvigie_wait_seconds_bucket{le=\"1\"} 3\nvigie_wait_seconds_bucket{le=\"+Inf\"} 4\n" +
            "vigie_wait_seconds_sum 7.65\nvigie_wait_seconds_count 4\n",
            Text);
    }

    [Fact]
    public void Observed_totals_and_gauges_show_the_last_value()
    {
        var total = 7L;
        _meter.CreateObservableCounter("vigie.seen", () => total, "By");
        _meter.CreateObservableGauge("vigie.share", () => double.NaN);
        _ = Text;
        total = 9;
        Assert.Contains("vigie_seen_bytes_total 9\n", Text, StringComparison.Ordinal);
        Assert.Contains("# TYPE vigie_share gauge\nvigie_share NaN\n", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strangers_values_cannot_fill_the_memory()
    {
        var counter = _meter.CreateCounter<long>("vigie.flood");
        for (var i = 0; i < 10_000; i++) counter.Add(1, new KeyValuePair<string, object?>("domain", $"d{i}.example"));
        var samples = Text.Split('\n').Where(l => l.StartsWith("vigie_flood_total", StringComparison.Ordinal)).ToList();
        Assert.Equal(MetricFamily.MaxSeries + 1, samples.Count);
        Assert.Contains($"vigie_flood_total{{overflow=\"true\"}} {10_000 - MetricFamily.MaxSeries}", samples);
    }

    [Fact]
    public async Task Concurrent_counts_are_all_counted()
    {
        var counter = _meter.CreateCounter<long>("vigie.races");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(
            () =>
            {
                for (var i = 0; i < 10_000; i++) counter.Add(1, new KeyValuePair<string, object?>("worker", worker % 2));
            },
            TestContext.Current.CancellationToken)));
        Assert.Contains("vigie_races_total{worker=\"0\"} 40000\n", Text, StringComparison.Ordinal);
        Assert.Contains("vigie_races_total{worker=\"1\"} 40000\n", Text, StringComparison.Ordinal);
    }
}
