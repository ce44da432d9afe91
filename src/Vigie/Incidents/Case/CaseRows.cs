using System.Text.Json;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Case;

// The rows of what people and Vigie lay beside an incident, as they lie in their tables.
internal sealed class CommentRow
{
    public long Id { get; init; }

    public long Time { get; init; }

    public string Actor { get; init; } = "";

    public string Text { get; init; } = "";

    public IncidentComment ToComment() => new(Id, DateTimeOffset.FromUnixTimeMilliseconds(Time), Actor, Text);
}

internal sealed class TaskRow
{
    public long Id { get; init; }

    public string Text { get; init; } = "";

    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public long? DoneAt { get; init; }

    public string? DoneBy { get; init; }

    public IncidentTask ToTask() => new(
        Id, Text, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), CreatedBy, DoneAt is { } done ? DateTimeOffset.FromUnixTimeMilliseconds(done) : null, DoneBy);
}

internal sealed class AttachmentRow
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string MediaType { get; init; } = "";

    public long Size { get; init; }

    public string Sha256 { get; init; } = "";

    public long AddedAt { get; init; }

    public string AddedBy { get; init; } = "";

    /// <summary>The bytes, where they were asked for.</summary>
    public byte[]? Content { get; init; }

    public IncidentAttachment ToAttachment() => new(Id, Name, MediaType, Size, Sha256, DateTimeOffset.FromUnixTimeMilliseconds(AddedAt), AddedBy);
}

internal sealed class ProposalRow
{
    public long Id { get; init; }

    public long IncidentId { get; init; }

    public long? OtherId { get; init; }

    public string Findings { get; init; } = "[]";

    public string WhyEn { get; init; } = "";

    public string WhyFr { get; init; } = "";

    public long CreatedAt { get; init; }

    public IncidentProposal ToProposal() => new(
        Id, IncidentId, OtherId, [.. JsonSerializer.Deserialize<string[]>(Findings)!.Select(id => new FindingId(id))], new Bilingual(WhyEn, WhyFr), DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt));
}
