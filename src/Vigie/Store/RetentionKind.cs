namespace Vigie.Store;

/// <summary>
/// A kind of data that is kept for a time of its own: one key of <c>store.keep</c>. A slice adds its kind here
/// and contributes a <see cref="RetentionRule"/> for each table that holds it.
/// </summary>
/// <param name="Name">The key in <c>store.keep</c>.</param>
/// <param name="Default">How long it is kept where the settings do not say.</param>
public sealed record RetentionKind(string Name, TimeSpan Default)
{
    /// <summary>Names seen in feeds and look-ups of imitations that turned out not to be registered: cheap to find again.</summary>
    public static RetentionKind Domains { get; } = new("domains", TimeSpan.FromDays(400));

    /// <summary>What was decided about each recipient.</summary>
    public static RetentionKind Decisions { get; } = new("decisions", TimeSpan.FromDays(400));

    /// <summary>What detectors concluded, with bounded copies of the evidence.</summary>
    public static RetentionKind Findings { get; } = new("findings", TimeSpan.FromDays(400));

    /// <summary>Incidents that were closed or that nobody worked on, with their history; counted from their last change. Those in work are never touched.</summary>
    public static RetentionKind Incidents { get; } = new("incidents", TimeSpan.FromDays(400));

    /// <summary>Records of held messages that were released, returned or deleted. Mail still held is never touched.</summary>
    public static RetentionKind Held { get; } = new("held", TimeSpan.FromDays(400));

    /// <summary>Who writes to which domain; counted from the last message.</summary>
    public static RetentionKind Relationships { get; } = new("relationships", TimeSpan.FromDays(400));

    /// <summary>
    /// Every kind, in the order in which the disk budget deletes: first what can be found again, last what the
    /// guard needs to let known correspondents through. Held mail and the journal are never deleted for space.
    /// </summary>
    public static IReadOnlyList<RetentionKind> All { get; } = [Domains, Decisions, Findings, Incidents, Held, Relationships];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
