using System.Diagnostics.CodeAnalysis;

namespace Vigie.Engine.Sigma.Correlation;

/// <content>How an engine is put down and taken up again.</content>
public sealed partial class CorrelationEngine
{
    private const long Magic = 0x01_52_4F_43_45_49_47_56; // "VIGECOR", version 1

    /// <summary>
    /// Everything it remembers. An engine restored from it goes on exactly as this one would. To be kept in one transaction with
    /// the position up to which events were told.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are matches nobody has taken: they would be lost.</exception>
    public byte[] Snapshot()
    {
        if (_matches.Count > 0) throw new InvalidOperationException("take the matches before making a snapshot");
        var writer = new StateWriter();
        writer.Write(Magic);
        writer.Write(_latest);
        writer.Write(_watermark);
        writer.Write(_last is null ? 0 : 1);
        if (_last is not null) Save(writer, _last);
        writer.Write(_pending.Count);
        foreach (var (occurrence, _) in _pending.UnorderedItems) Save(writer, occurrence);
        writer.Write(_set.Plans.Length);
        foreach (var plan in _set.Plans) Save(writer, plan);
        return writer.ToSealedArray();
    }

    /// <summary>
    /// An engine that goes on where another stopped. Correlations that have changed since start from nothing, and those
    /// that are new too; matches that wait are kept for all.
    /// </summary>
    /// <param name="set">The correlations as they are now.</param>
    /// <param name="options">The bounds as they are now.</param>
    /// <param name="snapshot">What <see cref="Snapshot"/> gave.</param>
    /// <param name="engine">The engine; null when the snapshot is of another version, cut or damaged.</param>
    public static bool TryRestore(CorrelationSet set, CorrelationOptions options, ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out CorrelationEngine? engine)
    {
        try
        {
            engine = new CorrelationEngine(set, options);
            if (StateReader.OfSealed(snapshot) is { } reader && reader.ReadLong() == Magic)
            {
                engine.Load(reader);
                if (reader.IsAtEnd) return true;
            }
        }
        catch (InvalidDataException)
        {
            // The caller hears it from the answer.
        }

        engine = null;
        return false;
    }

    private static void Save(StateWriter writer, Occurrence occurrence)
    {
        writer.Write(occurrence.Ticks);
        writer.Write(occurrence.Source.Id);
        writer.Write([.. occurrence.Source.Fields]);
        writer.Write(occurrence.Identity);
        writer.Write(occurrence.Rows.Length);
        foreach (var row in occurrence.Rows) writer.Write(row);
    }

    // A group is only worth something to the very same correlation over the very same rules.
    private static string Fingerprint(CorrelationPlan plan) => string.Join('|',
        plan.Slots.Select(s => s.Source.Id).Concat(plan.AsSource.Fields).Append(plan.Rule.Version).Append(plan.Rule.Timespan.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private void Save(StateWriter writer, CorrelationPlan plan)
    {
        var groups = _groups[plan.Order];
        writer.Write(plan.Rule.Id);
        writer.Write(Fingerprint(plan));
        var memory = new StateWriter();
        foreach (var state in groups.Values)
        {
            memory.Write(state.Key);
            memory.Write(state.Values);
            memory.Write(state.LookedAt);
            state.Save(memory);
        }

        writer.Write(groups.Count);
        writer.Write(memory);
    }

    private void Load(StateReader reader)
    {
        _latest = reader.ReadLong();
        _watermark = reader.ReadLong();
        var rules = _set.Sources.OfType<CorrelationSource>().GroupBy(s => s.Id, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        if (reader.ReadInt() != 0) _last = ReadOccurrence(reader, rules);
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            if (ReadOccurrence(reader, rules) is { } occurrence) _pending.Enqueue(occurrence, occurrence);
        }

        var plans = _set.Plans.GroupBy(p => p.Rule.Id, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var plan = plans.GetValueOrDefault(reader.ReadText());
            var isSame = reader.ReadText() is var fingerprint && plan is not null && string.Equals(Fingerprint(plan), fingerprint, StringComparison.Ordinal);
            var count = reader.ReadInt();
            var memory = reader.ReadPart();
            if (isSame) LoadGroups(plan!, count, memory);
        }
    }

    private static Occurrence? ReadOccurrence(StateReader reader, Dictionary<string, CorrelationSource> rules)
    {
        var ticks = reader.ReadTicks();
        var source = rules.GetValueOrDefault(reader.ReadText());
        var fields = reader.ReadRow() ?? [];
        var identity = reader.ReadText();
        var rows = new string?[reader.ReadCount()][];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = reader.ReadRow() ?? [];
            rows[i] = source is null ? [] : [.. source.Fields.Select(f => Array.IndexOf(fields, f) is var at && at >= 0 && at < row.Length ? row[at] : null)];
        }

        return source is null ? null : new Occurrence(ticks, source, identity, rows, []);
    }

    private void LoadGroups(CorrelationPlan plan, int count, StateReader reader)
    {
        for (; count > 0; count--)
        {
            var key = reader.ReadText();
            if (reader.ReadRow() is not { } values || values.Length != plan.Rule.GroupBy.Length || Array.Exists(values, v => v is null)) throw new InvalidDataException("a group that cannot be");
            var state = GroupState.Of(plan, key, values!);
            var lookedAt = reader.ReadLong();
            state.Load(reader);
            if (!_groups[plan.Order].TryAdd(key, state)) throw new InvalidDataException("a group that is there twice");
            _groupCount++;
            _remembered += state.Size;
            Enqueue(state, lookedAt);
        }
    }
}
