namespace Vigie.Watches.Logs;

/// <summary>Where an event was read.</summary>
/// <param name="Source">The name of the source in the settings; <c>scan</c> for files named on the command line.</param>
/// <param name="Place">What a person finds it by: a path, an address.</param>
/// <param name="Content">What tells the content from others wherever it lies; with the event's offset and bytes it is the identity of events that have no key of their own.</param>
/// <param name="Delivered">The identity the sender gave the event (the <c>_id</c> of a bulk item); null where it gave none.</param>
internal readonly record struct LogOrigin(string Source, string Place, string Content, string? Delivered = null);
