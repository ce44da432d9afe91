using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>The values that correlations read of an event, as rows: one for each combination of the values of its fields.</summary>
internal static class RowsOf
{
    private const int MaxValues = 64;

    public static string?[][] Event(CorrelationSource source, EventRecord record, int maxRows, out int leftOut)
    {
        var values = new List<string>?[source.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            for (var field = record.First(record.Catalog.SlotOf(source.Fields[i])); field >= 0; field = record.Next(field))
            {
                if (record.Kind(field) != FieldKind.Null && !record.IsContainer(field)) Add(ref values[i], record.Text(field));
            }
        }

        return Combine(values, maxRows, out leftOut);
    }

    public static string?[][] Event(CorrelationSource source, CapturedEvent captured, int maxRows, out int leftOut)
    {
        var values = new List<string>?[source.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            foreach (var field in captured.Named(source.Fields[i]))
            {
                if (field.Kind is not (FieldKind.Null or FieldKind.Object or FieldKind.Array)) Add(ref values[i], field.Value);
            }
        }

        return Combine(values, maxRows, out leftOut);
    }

    /// <summary>
    /// What outer correlations read of a match: the group's own values, and for other fields those of the events it came from
    /// (specification, "Ordered Temporal Proximity", note: the outer correlation has a group key of its own).
    /// </summary>
    public static string?[][] Match(CorrelationPlan plan, GroupState state, Firing firing, int maxRows)
    {
        var rows = new List<string?[]>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in plan.Carries ? firing.Members : firing.Members.Take(1))
        {
            var row = new string?[plan.SuppliedGroup.Length];
            for (var i = 0; i < row.Length; i++) row[i] = plan.SuppliedGroup[i] is var part and >= 0 ? state.Values[part] : member.Supplied?[i];
            if (rows.Count < maxRows && seen.Add(RowKey.Of(row))) rows.Add(row);
        }

        return [.. rows];
    }

    private static void Add(ref List<string>? values, string value)
    {
        values ??= [];
        if (values.Count < MaxValues && !values.Contains(value, StringComparer.Ordinal)) values.Add(value);
    }

    private static string?[][] Combine(List<string>?[] values, int maxRows, out int leftOut)
    {
        var rows = new List<string?[]> { new string?[values.Length] };
        var all = 1L;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } several) continue;
            all = Math.Min(all * several.Count, int.MaxValue);
            var before = rows.Count;
            for (var v = 1; v < several.Count; v++)
            {
                for (var r = 0; r < before && rows.Count < maxRows; r++)
                {
                    var copy = (string?[])rows[r].Clone();
                    copy[i] = several[v];
                    rows.Add(copy);
                }
            }

            for (var r = 0; r < before; r++) rows[r][i] = several[0];
        }

        leftOut = (int)(all - rows.Count);
        return [.. rows];
    }
}
