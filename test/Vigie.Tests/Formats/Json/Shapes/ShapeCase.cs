using System.Globalization;
using Vigie.Engine.Events;

namespace Vigie.Tests.Formats.Json.Shapes;

/// <summary>Checks what becomes of one document: log source, time, identity, and fields under the names that rules use.</summary>
internal static class ShapeCase
{
    /// <summary>Reads a document as if rules read exactly the expected fields.</summary>
    /// <param name="json">The document.</param>
    /// <param name="source">Product, service, category, with blanks for what does not matter: <c>aws/cloudtrail/</c>.</param>
    /// <param name="time">In UTC, seconds; null for none.</param>
    /// <param name="keys">The fields that identify it, with blanks between them.</param>
    /// <param name="expected">Fields and values: <c>eventName=ConsoleLogin</c>; a field that must not be there: <c>!Image</c>.</param>
    public static CapturedEvent Check(string json, string source, string? time, string keys, params string[] expected)
    {
        var e = JsonFeed.One(json, CatalogOf(expected));
        Assert.True(e.Class.Covers(Parse(source)), $"{e.Class} is not {source}");
        Assert.Equal(time, e.Time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        Assert.Equal(keys, string.Join(' ', e.Class.KeyFields));
        foreach (var key in e.Class.KeyFields) Assert.Contains(e.Fields, f => f.Name == key);
        foreach (var field in expected)
        {
            if (field[0] == '!')
            {
                Assert.DoesNotContain(e.Fields, f => f.Name == field[1..]);
                continue;
            }

            var equals = field.IndexOf('=', StringComparison.Ordinal);
            Assert.Contains(field[(equals + 1)..], e.Named(field[..equals]).Select(f => f.Value));
        }

        return e;
    }

    public static LogSource Parse(string source)
    {
        var parts = source.Split('/');
        return new LogSource(Term(parts[0]), Term(parts[2]), Term(parts[1]));
    }

    private static FieldCatalog CatalogOf(string[] expected) =>
        new(EventFields.Always.Concat(expected.Select(f => f[0] == '!' ? f[1..] : f[..f.IndexOf('=', StringComparison.Ordinal)])));

    private static string? Term(string text) => text.Length == 0 ? null : text;
}
