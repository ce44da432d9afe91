using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Testing;

namespace Vigie.Tests.Sigma.Correlation;

/// <summary>Reads the cases of <c>battery/correlation-*.yaml</c>; their form is described in the first of them.</summary>
internal static class CorrelationCases
{
    public static readonly DateTimeOffset Begin = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly EventClass Anything = EventClass.Of([], [], ["battery"]);

    public static IEnumerable<CorrelationCase> All() => Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Sigma", "battery"), "correlation-*.yaml").Order(StringComparer.Ordinal).SelectMany(Read);

    private static IEnumerable<CorrelationCase> Read(string file)
    {
        var problems = new List<SigmaProblem>();
        var root = Assert.Single(SigmaYaml.Read(File.ReadAllText(file), file, problems)).Root;
        Assert.Empty(problems);
        var shared = root["rules"]?.Text ?? "";
        foreach (var item in ((SigmaList)root["cases"]!).Items.Cast<SigmaMap>())
        {
            yield return new CorrelationCase(
                $"{Path.GetFileNameWithoutExtension(file)}: {item["name"]!.Text}", item["spec"]!.Text!, shared + item["rule"]!.Text, Number(item["lateness"]) ?? 0,
                [.. Maps(item["events"]).Select(Event)], [.. Maps(item["matches"])], item["silent"] is SigmaList silent ? SigmaHeader.Texts(silent) : null,
                item["counters"] as SigmaMap, item["refused"]?.Text, item["warns"]?.Text);
        }
    }

    public static decimal? Number(SigmaNode? node) => node?.Text is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    public static DateTimeOffset At(decimal seconds) => Begin.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));

    public static EventRecord Record(SigmaMap written, FieldCatalog catalog)
    {
        var record = new EventRecord(catalog);
        WrittenEvent.Fill(record, written, Anything);
        return record;
    }

    private static IEnumerable<SigmaMap> Maps(SigmaNode? list) => list is SigmaList maps ? maps.Items.Cast<SigmaMap>() : [];

    private static CaseEvent Event(SigmaMap written, int index)
    {
        var captured = Record(written, FieldCatalog.Empty).Capture() with { Time = At(Number(written["t"])!.Value) };
        return new CaseEvent(captured, written["id"]?.Text ?? index.ToString("D4", CultureInfo.InvariantCulture), written);
    }
}

internal sealed record CaseEvent(CapturedEvent Captured, string Identity, SigmaMap Written)
{
    public EventRecord Record(FieldCatalog catalog)
    {
        var record = CorrelationCases.Record(Written, catalog);
        record.Time = Captured.Time;
        return record;
    }
}

internal sealed record CorrelationCase(
    string Name, string Specification, string Rules, decimal Lateness, ImmutableArray<CaseEvent> Events, ImmutableArray<SigmaMap> Matches,
    ImmutableArray<string>? Silent, SigmaMap? Counters, string? Refused, string? Warns)
{
    public override string ToString() => Name;
}
