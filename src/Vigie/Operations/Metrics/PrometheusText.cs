using System.Globalization;
using System.Text;

namespace Vigie.Operations.Metrics;

/// <summary>
/// Writes metric families in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly Dictionary<string, string> UnitWords = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["By"] = "bytes",
        ["Cel"] = "celsius",
        ["%"] = "percent",
    };

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var family in families)
        {
            var name = NameOf(family);
            // Two meters may hold an instrument of one name; the format allows a name only once.
            if (seen.Add(name)) WriteFamily(text, name, family);
        }

        return text.ToString();
    }

    internal static string NameOf(MetricFamily family)
    {
        var name = Sanitize(family.Instrument.Name, allowColon: true);
        if (family.Instrument.Unit is { } unit && UnitWords.TryGetValue(unit, out var word) && !name.EndsWith("_" + word, StringComparison.Ordinal))
            name += "_" + word;
        return IsCounter(family.Kind) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static bool IsCounter(MetricKind kind) => kind is MetricKind.Counter or MetricKind.ObservedTotal;

    private static void WriteFamily(StringBuilder text, string name, MetricFamily family)
    {
        var type = family.Kind == MetricKind.Histogram ? "histogram" : IsCounter(family.Kind) ? "counter" : "gauge";
        if (family.Instrument.Description is { Length: > 0 } help)
            text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

        foreach (var series in family.Snapshot())
        {
            if (family.Kind == MetricKind.Histogram) WriteHistogram(text, name, series, family.Bounds);
            else WriteSample(text, name, series.Tags, null, series.Value);
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, MetricSeries series, double[] bounds)
    {
        var cumulated = 0L;
        for (var i = 0; i < series.Buckets.Length; i++)
        {
            cumulated += series.Buckets[i];
            WriteSample(text, name + "_bucket", series.Tags, i < bounds.Length ? Number(bounds[i]) : "+Inf", cumulated);
        }

        WriteSample(text, name + "_sum", series.Tags, null, series.Value);
        WriteSample(text, name + "_count", series.Tags, null, cumulated);
    }

    private static void WriteSample(StringBuilder text, string name, KeyValuePair<string, object?>[] tags, string? bound, double value)
    {
        text.Append(name);
        if (tags.Length > 0 || bound is not null)
        {
            text.Append('{');
            var first = true;
            foreach (var (key, tag) in tags)
            {
                AppendLabel(text, ref first, Sanitize(key, allowColon: false), Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "");
            }

            if (bound is not null) AppendLabel(text, ref first, "le", bound);
            text.Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static void AppendLabel(StringBuilder text, ref bool first, string name, string value)
    {
        if (!first) text.Append(',');
        first = false;
        text.Append(name).Append("=\"");
        foreach (var c in value)
        {
            switch (c)
            {
                case '\\': text.Append(@"\\"); break;
                case '"': text.Append("\\\""); break;
                case '\n': text.Append(@"\n"); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    // Metric names: [a-zA-Z_:][a-zA-Z0-9_:]*; label names have no colon.
    private static string Sanitize(string name, bool allowColon)
    {
        var clean = string.Create(name.Length, (name, allowColon), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = state.name[i];
                span[i] = char.IsAsciiLetterOrDigit(c) || c == '_' || (c == ':' && state.allowColon) ? c : '_';
            }
        });
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }
}
