using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>The further names of raw paths, written as <c>"dest_ip = dst_ip, destination.ip"</c>.</summary>
internal sealed class AliasTable
{
    private readonly FrozenDictionary<string, ImmutableArray<string>> _rows;

    /// <summary>Reads the rows; several for one path add up.</summary>
    public AliasTable(params ReadOnlySpan<string> rows)
    {
        var table = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var parts = row.Split('=', 2, StringSplitOptions.TrimEntries);
            if (!table.TryGetValue(parts[0], out var names)) table.Add(parts[0], names = []);
            names.AddRange(parts[1].Split(',', StringSplitOptions.TrimEntries));
        }

        _rows = table.ToFrozenDictionary(p => p.Key, p => p.Value.ToImmutableArray(), StringComparer.Ordinal);
    }

    /// <summary>The further names of a path; mostly none.</summary>
    public ImmutableArray<string> Of(string path) => _rows.GetValueOrDefault(path, []);
}
