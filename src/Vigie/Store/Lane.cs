namespace Vigie.Store;

/// <summary>Who waits for a write; the writer serves lanes in this order.</summary>
public enum Lane
{
    /// <summary>A mail server holds a connection open until this is durable.</summary>
    Mail,

    /// <summary>A person waits for a page.</summary>
    Console,

    /// <summary>Nobody waits: learning, feeds, retention.</summary>
    Background,
}
