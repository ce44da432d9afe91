using Vigie.Engine;

namespace Vigie.Store;

/// <summary>What keeps the store from working.</summary>
public enum StoreFault
{
    /// <summary>It has not been opened yet, or is closed again.</summary>
    Closed,

    /// <summary>No space is left where the store lies.</summary>
    DiskFull,

    /// <summary>Another process holds the write lock for longer than a write may wait.</summary>
    Locked,

    /// <summary>The file is not a store, or its content is broken.</summary>
    Corrupted,

    /// <summary>The file or its folder may not be written or read.</summary>
    AccessDenied,

    /// <summary>The store was written by a newer program.</summary>
    Newer,

    /// <summary>A migration that was applied has been changed since, or one cannot be applied.</summary>
    Migration,

    /// <summary>The database server does not answer or refuses the account.</summary>
    Unreachable,

    /// <summary>Another node runs on the same data folder.</summary>
    InUse,

    /// <summary>Reading or writing failed in another way.</summary>
    Failed,
}

/// <summary>Why the store does not work and what to do, for people.</summary>
/// <param name="Fault">The kind of fault.</param>
/// <param name="Text">Names the file or server and what to do.</param>
public sealed record StoreProblem(StoreFault Fault, Bilingual Text);

/// <summary>The store cannot do what was asked now, for a reason outside the caller's data.</summary>
public abstract class StoreException(StoreProblem problem, Exception? inner) : Exception(problem.Text.English, inner)
{
    /// <summary>Why, and what to do.</summary>
    public StoreProblem Problem { get; } = problem;
}

/// <summary>The store works but has no room now: a lane is full or another process writes. Trying again later helps.</summary>
public sealed class StoreBusyException(StoreProblem problem, Exception? inner = null) : StoreException(problem, inner);

/// <summary>
/// The store does not work: disk full, damaged, server away, not open yet. What was being written is not stored,
/// except when the connection to a server broke during the commit itself: then it may be, so writes are
/// idempotent and a caller repeats them.
/// </summary>
public sealed class StoreUnavailableException(StoreProblem problem, Exception? inner = null) : StoreException(problem, inner);
