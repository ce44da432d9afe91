using System.Text;
using Vigie.Engine.Findings;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>What some lines of a feed brought, gathered until it is committed.</summary>
internal sealed class FeedBatch(FeedSettings feed, INameFormat format, NameLookup lookup)
{
    // Small enough that one commit stays within a few milliseconds.
    private const int MaxFindings = 32;
    private const int MaxLines = 5_000;
    private const long MaxBytes = 4_000_000;
    private const int MaxSampleLength = 200;

    private readonly LineNames _names = new();
    private readonly List<Finding> _findings = [];
    private readonly List<MalformedSample> _samples = [];
    private long _lines;
    private long _nameCount;
    private long _matches;
    private long _malformed;
    private long _bytes;
    private DateTimeOffset? _lastEvent;

    public bool IsEmpty => _lines == 0;

    public bool IsFull => _findings.Count >= MaxFindings || _lines >= MaxLines || _bytes >= MaxBytes;

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Reads one line.</summary>
    public void Add(in FeedLine line, bool isFirst, DateTimeOffset now)
    {
        _lines++;
        _bytes += line.Bytes.Length;
        _names.Clear();
        var bytes = line.Bytes.Span;
        if (isFirst && bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (line.TooLong) _names.Problem = $"longer than maxLineBytes ({feed.MaxLineBytes})";
        else format.Read(bytes, isFirst, _names);

        var time = _names.Time ?? now;
        foreach (var name in _names.Names) Match(name, line.End, time);
        if (_names.Problem is { } problem) AddMalformed(problem, Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxSampleLength)]));
        else if (_lastEvent is null || time > _lastEvent) _lastEvent = time;
    }

    /// <summary>The feed's status with this batch counted in.</summary>
    public FeedStatus CountInto(FeedStatus status, DateTimeOffset now, long? behind) => status with
    {
        Lines = status.Lines + _lines,
        Names = status.Names + _nameCount,
        Matches = status.Matches + _matches,
        Malformed = status.Malformed + _malformed,
        Samples = _samples.Count == 0 ? status.Samples : [.. status.Samples.Concat(_samples).TakeLast(FeedStatus.MaxSamples)],
        LastEvent = _lastEvent ?? status.LastEvent,
        LastRead = _lines > 0 ? now : status.LastRead,
        LastSuccess = now,
        Behind = behind,
    };

    private void Match(string name, long offset, DateTimeOffset time)
    {
        _nameCount++;
        if (lookup(name) is not { } matches)
        {
            AddMalformed("not a domain name", name.Length > MaxSampleLength ? name[..MaxSampleLength] : name);
            return;
        }

        _matches += matches.Count;
        foreach (var match in matches) _findings.Add(FeedFindings.Of(match, feed.Name, offset, time));
    }

    private void AddMalformed(string problem, string line)
    {
        _malformed++;
        if (_samples.Count == FeedStatus.MaxSamples) _samples.RemoveAt(0);
        _samples.Add(new MalformedSample(problem, line));
    }
}
