using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vigie.Engine.Events;

namespace Vigie.Tests.Formats.Evtx;

/// <summary>Real logs: what we read is what others read, and nothing is left out.</summary>
public sealed partial class EvtxDataTests
{
    [Fact]
    public void Every_field_of_the_regression_logs_is_what_another_tool_wrote_beside_them()
    {
        var compared = 0;
        foreach (var path in Directory.EnumerateFiles(ExternalData.Require("sigma/regression_data"), "*.evtx", SearchOption.AllDirectories))
        {
            var ours = SomeLog.Read(File.ReadAllBytes(path));
            Assert.Empty(ours.Diagnostics);
            var theirs = Documents(File.ReadAllText(Path.ChangeExtension(path, "json"))).ToList();
            Assert.Equal(theirs.Count, ours.Events.Count);
            foreach (var (expected, actual) in theirs.Zip(ours.Events)) Same(expected, actual, path);
            compared += theirs.Count;
        }

        Assert.True(compared >= 94);
    }

    [Fact]
    public void Every_record_of_the_attack_samples_is_read()
    {
        foreach (var path in Directory.EnumerateFiles(ExternalData.Require("logs/evtx-attack-samples"), "*.evtx", SearchOption.AllDirectories))
        {
            var reading = SomeLog.Read(File.ReadAllBytes(path));
            Assert.Empty(reading.Codes);
            Assert.NotEmpty(reading.Events);
            foreach (var e in reading.Events)
            {
                Assert.NotNull(e.Time);
                Assert.Contains("windows", e.Class.Products);
                Assert.NotNull(e.Of("Channel"));
                Assert.NotNull(e.Of("Computer"));
            }
        }
    }

    // The files hold one document after another.
    private static IEnumerable<JsonElement> Documents(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'));
        for (var at = 0; at < bytes.Length;)
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(at), new JsonReaderOptions { AllowMultipleValues = true });
            if (!reader.Read()) yield break;
            var document = JsonElement.ParseValue(ref reader);
            at += (int)reader.BytesConsumed;
            while (at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
            foreach (var one in document.ValueKind == JsonValueKind.Array ? document.EnumerateArray().ToArray() : [document]) yield return one;
        }
    }

    private static void Same(JsonElement expected, CapturedEvent actual, string path)
    {
        var theirs = new List<(string Name, string Value)>();
        foreach (var part in expected.GetProperty("Event").EnumerateObject().Where(p => p.Name != "#attributes")) Flatten(part.Name, part.Value, part.Name, theirs);
        foreach (var (name, value) in theirs)
        {
            var values = actual.Named(name).Select(f => Normal(f.Value)).ToList();
            Assert.True(values.Contains(Normal(value)), $"{path}: {name} is '{string.Join('|', values)}', not '{value}'");
        }

        var known = theirs.Select(t => t.Name).ToHashSet();
        Assert.Empty(actual.Fields.Where(f => !known.Contains(f.Name) && f.Kind != FieldKind.Null && !EventFieldsAdded.Contains(f.Name)).Select(f => f.Name));
    }

    private static readonly HashSet<string> EventFieldsAdded = [.. EventFields.Always];

    private static void Flatten(string name, JsonElement value, string section, List<(string, string)> into)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var child in value.EnumerateObject())
                {
                    if (child.Name == "#text") Flatten(name, child.Value, section, into);
                    else if (child.Name != "#attributes") Flatten(child.Name, child.Value, section, into);
                    else foreach (var attribute in child.Value.EnumerateObject().Where(a => !a.Name.StartsWith("xmlns", StringComparison.Ordinal))) Flatten(name == "TimeCreated" ? name : $"{name}_{attribute.Name}", attribute.Value, section, into);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Flatten(name, item, section, into);
                break;
            case JsonValueKind.Null: break;
            default: into.Add((name, value.ToString())); break;
        }
    }

    // The other tool writes identifiers without braces and in capitals, times in microseconds; in some files blanks at the end of a value are gone.
    private static string Normal(string value)
    {
        value = value.TrimEnd();
        if (Guid.TryParse(value, CultureInfo.InvariantCulture, out var id)) return id.ToString();
        return Fraction().IsMatch(value) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var time) ? $"{time.UtcTicks / 10}" : value.Equals("true", StringComparison.OrdinalIgnoreCase) || value.Equals("false", StringComparison.OrdinalIgnoreCase) ? value.ToLowerInvariant() : value;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")]
    private static partial Regex Fraction();
}
