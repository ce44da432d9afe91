using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Vigie.Engine.Findings;

namespace Vigie.Watches.Logs.Tables;

/// <summary>
/// Bounds how many findings one rule brings: beyond so many about the same entities within one hour of the events, and so
/// many at all, matches are counted with their time and place instead of being stored one by one. The counts are written
/// with the findings, so that a restart goes on counting where it was. One thread uses it.
/// </summary>
internal sealed class FindingFold(int maxSame, int maxRule)
{
    // Of a flood with ever new entities only the rule's own bound is kept; this bounds the memory.
    private const int MostKeys = 50_000;
    private const int MaxSubject = 200;
    private const string Whole = "*";
    private const long Hour = 3_600_000;

    private static readonly string[] TooFine = [EntityKinds.Process, EntityKinds.Logon, EntityKinds.FileHash, EntityKinds.Url, EntityKinds.QueueId];

    private readonly Dictionary<Key, Count> _counts = [];
    private readonly HashSet<Key> _changed = [];
    private long _latestHour;

    /// <summary>Reads the counts of the last hours.</summary>
    public async Task LoadAsync(Store.Store store, CancellationToken ct)
    {
        _counts.Clear();
        _changed.Clear();
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                "SELECT rule, subject, hour, stored, folded, first_seen, last_seen, sample FROM log_fold ORDER BY hour DESC LIMIT @MostKeys", new { MostKeys }, cancellationToken: token)),
            ct);
        foreach (var row in rows)
        {
            _counts[new Key(row.Rule, row.Subject, row.Hour)] = new Count { Stored = row.Stored, Folded = row.Folded, First = row.FirstSeen, Last = row.LastSeen, Sample = row.Sample };
            _latestHour = Math.Max(_latestHour, row.Hour);
        }
    }

    /// <summary>Counts a finding; false when it is one too many and only counted.</summary>
    public bool Admit(Finding finding)
    {
        var seen = finding.FirstSeen.ToUnixTimeMilliseconds();
        var hour = seen / Hour * Hour;
        if (hour > _latestHour) Forget(hour);
        var rule = At(new Key(finding.Rule, Whole, hour));
        if (rule.Count.Stored >= maxRule) return Fold(rule, finding, seen);
        if (_counts.Count >= MostKeys)
        {
            Store(rule);
            return true;
        }

        var same = At(new Key(finding.Rule, SubjectOf(finding), hour));
        if (same.Count.Stored >= maxSame) return Fold(same, finding, seen);
        Store(rule);
        Store(same);
        return true;
    }

    /// <summary>
    /// Writes what has changed. A subject with one finding is not worth a row: only the rule's count and what comes near its
    /// bound is written; below, a restart may count again from nothing, which stores a finding more, never one less.
    /// </summary>
    public void Save(DbTransaction transaction)
    {
        var rows = _changed.Where(key => key.Subject == Whole || _counts[key].Folded > 0 || _counts[key].Stored >= Math.Min(maxSame, 16))
            .Select(key => (Key: key, Count: _counts[key]))
            .Select(c => new { rule = c.Key.Rule, subject = c.Key.Subject, hour = c.Key.Hour, stored = c.Count.Stored, folded = c.Count.Folded, first = c.Count.First, last = c.Count.Last, sample = c.Count.Sample });
        transaction.Connection!.Execute(
            """
            INSERT INTO log_fold (rule, subject, hour, stored, folded, first_seen, last_seen, sample)
            VALUES (@rule, @subject, @hour, @stored, @folded, @first, @last, @sample)
            ON CONFLICT (rule, subject, hour) DO UPDATE SET stored = excluded.stored, folded = excluded.folded,
                first_seen = excluded.first_seen, last_seen = excluded.last_seen, sample = excluded.sample
            """,
            rows.ToList(),
            transaction);
    }

    /// <summary>Says that what <see cref="Save"/> wrote is committed.</summary>
    public void Saved() => _changed.Clear();

    private bool Fold((Key Key, Count Count) entry, Finding finding, long seen)
    {
        entry.Count.Folded++;
        entry.Count.First = Math.Min(entry.Count.First ?? seen, seen);
        entry.Count.Last = Math.Max(entry.Count.Last ?? seen, seen);
        entry.Count.Sample = finding.Evidence.IsEmpty ? null : finding.Evidence[0].Location;
        _changed.Add(entry.Key);
        return false;
    }

    private void Store((Key Key, Count Count) entry)
    {
        entry.Count.Stored++;
        _changed.Add(entry.Key);
    }

    private (Key Key, Count Count) At(Key key)
    {
        if (!_counts.TryGetValue(key, out var count)) _counts.Add(key, count = new Count());
        return (key, count);
    }

    // Events come late now and then: the hour before is kept.
    private void Forget(long hour)
    {
        _latestHour = hour;
        foreach (var old in _counts.Keys.Where(key => key.Hour < hour - Hour && !_changed.Contains(key)).ToList()) _counts.Remove(old);
    }

    private static string SubjectOf(Finding finding)
    {
        var text = string.Join(' ', finding.Entities.Where(entity => !TooFine.Contains(entity.Kind, StringComparer.Ordinal)).Select(entity => $"{entity.Kind}={entity.Value}"));
        if (text.Length == 0) return "-";
        if (text.Length <= MaxSubject) return text.Replace('\0', ' ');
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
        return $"{text[..MaxSubject].Replace('\0', ' ')}… {hash}";
    }

    private readonly record struct Key(string Rule, string Subject, long Hour);

    private sealed class Count
    {
        public long Stored;
        public long Folded;
        public long? First;
        public long? Last;
        public string? Sample;
    }

    private sealed class Row
    {
        public string Rule { get; init; } = "";

        public string Subject { get; init; } = "";

        public long Hour { get; init; }

        public long Stored { get; init; }

        public long Folded { get; init; }

        public long? FirstSeen { get; init; }

        public long? LastSeen { get; init; }

        public string? Sample { get; init; }
    }
}
