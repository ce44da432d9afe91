using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents.Case;

/// <summary>Writes an incident as JSON of the form <c>vigie.incident/1</c>, described in <c>docs/incident-export.md</c>. Properties are added, never renamed.</summary>
internal sealed class JsonExport(Utf8JsonWriter writer)
{
    /// <summary>The name of the form.</summary>
    public const string Schema = "vigie.incident/1";

    private IncidentCase? _case;

    /// <summary>Everything up to the findings.</summary>
    public void Begin(IncidentCase read, ImmutableArray<StorySentence> story, string marking, string actor, DateTimeOffset now)
    {
        _case = read;
        var incident = read.Incident;
        writer.WriteStartObject();
        writer.WriteString("schema", Schema);
        writer.WriteString("exportedAt", Time(now));
        writer.WriteString("exportedBy", actor);
        writer.WriteString("marking", marking);
        writer.WriteStartObject("incident");
        writer.WriteNumber("id", incident.Id);
        writer.WriteNumber("version", incident.Version);
        Text("title", incident.Title);
        writer.WriteString("severity", Name(incident.Severity));
        writer.WriteStartObject("score");
        writer.WriteNumber("value", incident.Score.Value);
        List("terms", incident.Score.Terms, term =>
        {
            writer.WriteString("name", term.Name);
            writer.WriteNumber("points", term.Points);
            Text("why", term.Why);
        });
        writer.WriteEndObject();
        writer.WriteString("status", Name(incident.Status));
        writer.WriteString("verdict", incident.Verdict is { } verdict ? Name(verdict) : null);
        writer.WriteString("assignee", incident.Assignee);
        writer.WriteString("createdAt", Time(incident.CreatedAt));
        writer.WriteString("changedAt", Time(incident.ChangedAt));
        writer.WriteString("firstSeen", Time(incident.FirstSeen));
        writer.WriteString("lastSeen", Time(incident.LastSeen));
        writer.WriteString("touchedAt", Time(incident.TouchedAt));
        writer.WriteString("closedAt", Time(incident.ClosedAt));
        writer.WriteNumber("findings", incident.Findings);
        writer.WriteNumber("rules", incident.Rules);
        Strings("watches", incident.Watches);
        Strings("techniques", incident.Techniques);
        List("entities", incident.About, about =>
        {
            writer.WriteString("kind", about.Entity.Kind);
            writer.WriteString("value", about.Entity.Value);
            writer.WriteNumber("findings", about.Count);
        });
        writer.WriteEndObject();
        writer.WriteStartObject("story");
        Strings("en", story.Select(sentence => sentence.Text.English));
        Strings("fr", story.Select(sentence => sentence.Text.French));
        writer.WriteEndObject();
        writer.WriteStartArray("findings");
    }

    public void Finding(Finding finding, (DateTimeOffset? At, ImmutableArray<Link> Because) placed, bool evidence)
    {
        writer.WriteStartObject();
        writer.WriteString("id", finding.Id.Value);
        writer.WriteString("detector", finding.Detector);
        writer.WriteString("rule", finding.Rule);
        writer.WriteString("ruleVersion", finding.RuleVersion);
        Text("title", finding.Title);
        writer.WriteString("severity", Name(finding.Severity));
        if (finding.Confidence is { } confidence) writer.WriteNumber("confidence", confidence);
        else writer.WriteNull("confidence");
        writer.WriteString("firstSeen", Time(finding.FirstSeen));
        writer.WriteString("lastSeen", Time(finding.LastSeen));
        writer.WriteString("placedAt", Time(placed.At));
        Strings("techniques", finding.Techniques);
        List("entities", finding.Entities, entity =>
        {
            writer.WriteString("kind", entity.Kind);
            writer.WriteString("value", entity.Value);
        });
        Text("explanation", finding.Explanation);
        List("because", placed.Because, link =>
        {
            writer.WriteString("kind", link.Key.Kind);
            writer.WriteString("value", link.Key.Value);
            writer.WriteString("other", link.Other.Value);
            writer.WriteNumber("strength", link.Strength);
        });
        List("evidence", finding.Evidence, piece =>
        {
            writer.WriteString("kind", piece.Kind);
            writer.WriteString("location", piece.Location);
            writer.WriteString("sha256", piece.Sha256);
            List("fields", piece.Fields.Select((field, i) => (field.Key, field.Value, IsAsked: i < piece.Asked.Length)), field =>
            {
                writer.WriteString("name", field.Key);
                writer.WriteString("value", field.Value);
                writer.WriteBoolean("asked", field.IsAsked);
            });
            if (evidence) writer.WriteString("copy", piece.Copy);
        });
        writer.WriteEndObject();
    }

    /// <summary>Everything after the findings.</summary>
    public void End()
    {
        writer.WriteEndArray();
        List("comments", _case!.Comments.Items.Reverse(), comment =>
        {
            writer.WriteString("time", Time(comment.Time));
            writer.WriteString("actor", comment.Actor);
            writer.WriteString("text", comment.Text);
        });
        List("tasks", _case.Tasks.Items, task =>
        {
            writer.WriteString("text", task.Text);
            writer.WriteString("createdAt", Time(task.CreatedAt));
            writer.WriteString("createdBy", task.CreatedBy);
            writer.WriteString("doneAt", Time(task.DoneAt));
            writer.WriteString("doneBy", task.DoneBy);
        });
        List("attachments", _case.Attachments.Items, file =>
        {
            writer.WriteString("name", file.Name);
            writer.WriteString("mediaType", file.MediaType);
            writer.WriteNumber("size", file.Size);
            writer.WriteString("sha256", file.Sha256);
            writer.WriteString("addedAt", Time(file.AddedAt));
            writer.WriteString("addedBy", file.AddedBy);
        });
        List("history", _case.History.Items.Reverse(), entry =>
        {
            writer.WriteString("time", Time(entry.Time));
            writer.WriteString("actor", entry.Actor);
            writer.WriteString("action", entry.Action);
            writer.WriteStartObject("details");
            foreach (var (name, value) in entry.Details) writer.WriteString(name, value);
            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private void List<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void Strings(string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private void Text(string name, Bilingual text)
    {
        writer.WriteStartObject(name);
        writer.WriteString("en", text.English);
        writer.WriteString("fr", text.French);
        writer.WriteEndObject();
    }

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time is { } given ? Time(given) : null;
}
