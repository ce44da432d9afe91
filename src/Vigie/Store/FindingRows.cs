using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Store;

/// <summary>
/// Turns findings into rows. What strangers can make long is bounded here, the last line of defence for the size of the store and
/// of an index's entry (PostgreSQL: 2704 bytes): sources cut earlier and say so, and so does what is cut here.
/// </summary>
internal sealed class FindingRows
{
    /// <summary>The most entities of one finding that are kept; more are about everything and nothing.</summary>
    public const int MaxEntities = 500;

    /// <summary>The most characters of an entity's value; a longer one ends in its SHA-256, so that it stays itself.</summary>
    public const int MaxValue = 512;

    /// <summary>The most pieces of evidence of one finding.</summary>
    public const int MaxEvidence = 100;

    private const int MaxTitle = 500;
    private const int MaxExplanation = 16 * 1024;
    private const int MaxField = 4096;
    private const int MaxFields = 200;
    private const int MaxPassages = 20;
    private const int MaxTechniques = 100;

    private readonly RowStatement _finding = new(RowAction.InsertNew, "finding",
    [
        ("id", ColumnType.Text), ("detector", ColumnType.Text), ("rule", ColumnType.Text), ("rule_version", ColumnType.Text), ("title_en", ColumnType.Text), ("title_fr", ColumnType.Text),
        ("severity", ColumnType.Short), ("confidence", ColumnType.Double), ("first_seen", ColumnType.Long), ("last_seen", ColumnType.Long), ("techniques", ColumnType.Text),
        ("explanation_en", ColumnType.Text), ("explanation_fr", ColumnType.Text), ("muted", ColumnType.Short), ("saved_at", ColumnType.Long),
        ("bucket", ColumnType.Long),
    ]);

    private readonly RowStatement _queue = new(RowAction.Insert, "incident_queue", [("finding_id", ColumnType.Text)]);

    private readonly RowStatement _entity = new(RowAction.Insert, "finding_entity",
        [("bucket", ColumnType.Long), ("finding_id", ColumnType.Text), ("ordinal", ColumnType.Int), ("kind", ColumnType.Text), ("value", ColumnType.Text)]);

    private readonly FindingBuckets _buckets = new();

    private readonly RowStatement _evidence = new(RowAction.Insert, "finding_evidence",
    [
        ("bucket", ColumnType.Long), ("finding_id", ColumnType.Text), ("ordinal", ColumnType.Int), ("kind", ColumnType.Text), ("location", ColumnType.Text), ("sha256", ColumnType.Text), ("fields", ColumnType.Text),
        ("copy", ColumnType.Text),
    ]);

    /// <summary>What is stored of findings, but for when and in which bucket.</summary>
    public static IReadOnlyList<PreparedFinding> Prepare(IEnumerable<(Finding Finding, bool Muted)> findings) =>
    [
        .. findings.Select(one => new PreparedFinding(
            !one.Muted && one.Finding.Severity >= Severity.Medium ? Stored(one.Finding) : null,
            Row(one.Finding, one.Muted),
            [.. one.Finding.Entities.Take(MaxEntities).Select((entity, ordinal) => (object?[])[0L, one.Finding.Id.Value, ordinal, Cut(entity.Kind, 64), Value(entity.Value)])],
            [.. one.Finding.Evidence.Take(MaxEvidence).Select((piece, ordinal) => Row(one.Finding.Id, piece, ordinal))])),
    ];

    /// <summary>Inserts those that are new with all that belongs to them; gives how many are to be placed in incidents, and keeps these at hand.</summary>
    public int Insert(Dialect dialect, DbTransaction transaction, IReadOnlyList<PreparedFinding> findings, DateTimeOffset now, FreshFindings fresh, out int added)
    {
        var isNew = new bool[findings.Count];
        var savedAt = now.ToUnixTimeMilliseconds();
        var bucket = _buckets.Take(transaction, findings.Sum(one => one.Entities.Length));
        foreach (var one in findings) (one.Row[^2], one.Row[^1]) = (savedAt, bucket);
        added = dialect.Run(transaction, _finding, [.. findings.Select(one => one.Row)], isNew);
        if (added == 0) return 0;

        List<object?[]> queue = [], entities = [], evidence = [];
        for (var i = 0; i < findings.Count; i++)
        {
            if (!isNew[i]) continue;
            var one = findings[i];
            if (one.Queued is not null)
            {
                queue.Add([one.Queued.Id.Value]);
                fresh.Add(one.Queued);
            }

            foreach (var row in one.Entities) row[0] = bucket;
            foreach (var row in one.Evidence) row[0] = bucket;
            entities.AddRange(one.Entities);
            evidence.AddRange(one.Evidence);
        }

        dialect.Run(transaction, _queue, queue);
        dialect.Run(transaction, _entity, entities);
        dialect.Run(transaction, _evidence, evidence);
        return queue.Count;
    }

    // As it would be read again.
    private static Finding Stored(Finding finding) => finding with
    {
        Id = new FindingId(PortableText.Clean(finding.Id.Value)),
        Detector = PortableText.Clean(finding.Detector),
        Rule = PortableText.Clean(finding.Rule),
        Title = new Bilingual(PortableText.Clean(Cut(finding.Title.English, MaxTitle)), PortableText.Clean(Cut(finding.Title.French, MaxTitle))),
        Techniques = finding.Techniques.Length <= MaxTechniques ? finding.Techniques : [.. finding.Techniques.Take(MaxTechniques)],
        Entities = [.. finding.Entities.Take(MaxEntities).Select(entity => new Entity(PortableText.Clean(Cut(entity.Kind, 64)), PortableText.Clean(Value(entity.Value))))],
        Evidence = [],
        Explanation = new Bilingual("", ""),
    };

    private static object?[] Row(Finding finding, bool muted)
    {
        var explanation = Explanation(finding);
        return
        [
            finding.Id.Value, finding.Detector, finding.Rule, finding.RuleVersion, Cut(finding.Title.English, MaxTitle), Cut(finding.Title.French, MaxTitle),
            (short)finding.Severity, finding.Confidence, finding.FirstSeen.ToUnixTimeMilliseconds(), finding.LastSeen.ToUnixTimeMilliseconds(),
            JsonSerializer.Serialize(finding.Techniques.Take(MaxTechniques)), explanation.English, explanation.French, (short)(muted ? 1 : 0), 0L, 0L,
        ];
    }

    private static object?[] Row(FindingId id, Evidence evidence, int ordinal) =>
    [
        0L, id.Value, ordinal, Cut(evidence.Kind, 64), Cut(evidence.Location, MaxField), evidence.Sha256,
        JsonSerializer.Serialize(evidence.Fields.Take(MaxFields).Select((field, i) => (string[])[Cut(field.Key, MaxField), Cut(field.Value, MaxField), .. Asked(evidence, i)])),
        evidence.Copy is { Length: > Evidence.MaxCopyLength } copy ? copy[..Evidence.MaxCopyLength] : evidence.Copy,
    ];

    // Behind name and value of what was asked for stand its passages; an empty one says that it was the whole value.
    private static IEnumerable<string> Asked(Evidence evidence, int field) =>
        field >= evidence.Asked.Length ? [] : evidence.Asked[field] is [] ? [""] : evidence.Asked[field].Take(MaxPassages).Select(passage => Cut(passage, MaxField));

    private static Bilingual Explanation(Finding finding)
    {
        var (english, french) = (Cut(finding.Explanation.English, MaxExplanation), Cut(finding.Explanation.French, MaxExplanation));
        if (finding.Entities.Length <= MaxEntities) return new Bilingual(english, french);
        var all = finding.Entities.Length.ToString(CultureInfo.InvariantCulture);
        return new Bilingual(
            $"{english} (Of {all} entities the first {MaxEntities} are kept.)",
            $"{french} (Des {all} entités, les {MaxEntities} premières sont conservées.)");
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");

    private static string Value(string value)
    {
        const int kept = MaxValue - 40;
        if (value.Length <= MaxValue) return value;
        return $"{value.AsSpan(0, kept)}…{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16))}";
    }
}

/// <summary>The rows of a finding; their bucket, and when they are saved, are put in as they are written.</summary>
/// <param name="Queued">The finding as it would be read again, where it is to be placed in an incident; otherwise null.</param>
/// <param name="Row">Of the finding; when and bucket at its end.</param>
/// <param name="Entities">Of its entities; the bucket at their beginning.</param>
/// <param name="Evidence">Of its evidence; the bucket at their beginning.</param>
internal sealed record PreparedFinding(Finding? Queued, object?[] Row, object?[][] Entities, object?[][] Evidence);
