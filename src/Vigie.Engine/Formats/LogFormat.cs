using Vigie.Engine.Events;

namespace Vigie.Engine.Formats;

/// <summary>A format that can be recognized and read. One instance per format, without state; registered in <see cref="LogFormats"/>.</summary>
public abstract class LogFormat
{
    /// <summary>The stable id, as settings and <c>--format</c> name it.</summary>
    public abstract string Id { get; }

    /// <summary>What a person calls it.</summary>
    public abstract string Title { get; }

    /// <summary>How sure it is, from 0 (no) to 100, that a content is of this format.</summary>
    /// <param name="head">The first bytes, decompressed, up to 64 KiB; all of them when the content is shorter.</param>
    /// <param name="fileName">The name without its folder and without compression endings; empty for streams.</param>
    public abstract int Recognize(ReadOnlySpan<byte> head, string fileName);

    /// <summary>A reader for one content from its beginning.</summary>
    public abstract LogReader Open(LogReaderOptions options);
}

/// <summary>What a reader is told that it cannot see.</summary>
public sealed record LogReaderOptions
{
    /// <summary>The log source the operator names for contents that do not show theirs (plain CSV, JSON of an own program); terms left null are found out.</summary>
    public LogSource Source { get; init; }

    /// <summary>For time stamps without a year: the moment the content was received or last written.</summary>
    public DateTimeOffset Received { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The offset of time stamps that have none.</summary>
    public TimeSpan UtcOffset { get; init; }

    /// <summary>The name without its folder; some formats tell their log source by it.</summary>
    public string FileName { get; init; } = "";
}
