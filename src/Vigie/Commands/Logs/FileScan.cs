using System.Collections.Concurrent;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Formats;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Reading;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Logs;

/// <summary>What a scan looks for.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Since">Events before it are left out; events without a time never are.</param>
/// <param name="AtLeast">Rules below it are left out.</param>
/// <param name="ReadAs">What the operator says of files that do not show it.</param>
internal sealed record LogQuestion(LoadedRules Rules, DateTimeOffset? Since, Severity AtLeast, ReadAs ReadAs);

/// <summary>What an event came to: a finding of its own, something for correlations to count, or both.</summary>
internal readonly record struct ScanItem(LogHit? Hit, CorrelatedMatch? Correlated);

/// <summary>The scan of one file: one thread works on it while another takes the findings.</summary>
internal sealed class FileScan(LogTarget target, LogQuestion question) : IDisposable
{
    // What waits for a file's turn to be written is bounded: then the work on it pauses.
    private const int MostWaiting = 1024;
    private const int EventsPerReport = 4096;

    private readonly BlockingCollection<ScanItem> _items = new(MostWaiting);
    private readonly List<ScanProblem> _problems = [];
    private bool _isPlain;

    /// <summary>What was found, in the order of the events; ends when the file is through.</summary>
    public IEnumerable<ScanItem> Items(CancellationToken cancellationToken) => _items.GetConsumingEnumerable(cancellationToken);

    /// <summary>Adds what was read to a summary. Only once <see cref="Items"/> has ended.</summary>
    public void AddTo(ScanSummary summary)
    {
        summary.Files += Contents;
        summary.Events += Events;
        summary.Bytes += Bytes;
        summary.Older += Older;
        if (IsNoLog) summary.NotLogs.Add(target.Path);
        foreach (var problem in _problems) summary.Note(problem);
    }

    private int Contents { get; set; }

    private long Events { get; set; }

    private long Bytes { get; set; }

    private long Older { get; set; }

    private bool IsNoLog { get; set; }

    /// <summary>Reads and matches the whole file.</summary>
    /// <param name="matcher">For the use of this thread.</param>
    /// <param name="record">For the use of this thread.</param>
    /// <param name="progress">Is told how much of the file is through, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public void Run(RuleMatcher matcher, EventRecord record, Action<double> progress, CancellationToken cancellationToken)
    {
        try
        {
            _isPlain = IsPlainFile(target.Path);
            var contents = new LogContents(new ContentLimits(), (name, diagnostic) => Report(name, diagnostic, IsWhole(diagnostic)));
            foreach (var content in contents.Open(target.Path))
            {
                using var reader = new ContentReader(content, question.ReadAs, diagnostic => Report(content.Name, diagnostic, IsWhole(diagnostic)));
                Read(reader, matcher, record, progress, cancellationToken);
                if (reader.Format is null) continue;
                Contents++;
                Bytes += reader.Offset;
            }
        }
        finally
        {
            _items.CompleteAdding();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _items.Dispose();

    private void Read(ContentReader reader, RuleMatcher matcher, EventRecord record, Action<double> progress, CancellationToken cancellationToken)
    {
        while (reader.Read(record))
        {
            if (++Events % EventsPerReport == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress(target.Bytes == 0 ? 1 : Math.Min(1, (double)reader.Offset / target.Bytes));
            }

            if (record.Time < question.Since)
            {
                Older++;
                continue;
            }

            var matches = matcher.Match(record);
            if (matches.Length > 0) Emit(matches, record, reader, cancellationToken);
        }
    }

    private void Emit(ReadOnlySpan<RuleMatch> matches, EventRecord record, ContentReader reader, CancellationToken cancellationToken)
    {
        CapturedEvent? captured = null;
        foreach (var match in matches)
        {
            var rule = question.Rules.Rules[match.Rule];
            var isShown = rule.Level >= question.AtLeast && !question.Rules.Correlations.IsSilenced(match.Rule);
            if (!isShown && !question.Rules.Correlations.Reads(match.Rule)) continue;
            captured ??= record.Capture(LogEvidence.MaxValueBytes);
            var origin = reader.Origin("scan");
            var hit = HitBuilder.Of(rule, match, record, captured, origin, reader.Format ?? "", _isPlain && reader.Name == target.Path);
            _items.Add(new ScanItem(isShown ? hit : null, ScanCorrelations.Of(question.Rules, match.Rule, record, captured, origin, hit.Place)), cancellationToken);
        }
    }

    // In a folder there may be anything; what is no log there is listed apart from what could not be read.
    private void Report(string name, LogDiagnostic diagnostic, bool isWhole)
    {
        if (diagnostic.Code == "content.format-unknown" && !target.IsNamed)
        {
            IsNoLog = true;
            return;
        }

        var place = diagnostic.Offset > 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" at {diagnostic.Offset}") : "";
        _problems.Add(new ScanProblem(name, $"{diagnostic.Code}{place}: {diagnostic.Message}", isWhole));
    }

    private static bool IsWhole(LogDiagnostic diagnostic) => diagnostic.Code is "content.not-opened" or "content.format-unknown" or "content.compression-unknown";

    // Compressed, archived and UTF-16 contents have other offsets than their files.
    private static bool IsPlainFile(string path)
    {
        try
        {
            using var file = LogContents.OpenShared(path);
            Span<byte> head = stackalloc byte[2];
            return file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head is not ([0x1F, 0x8B] or [(byte)'P', (byte)'K'] or [0xFF, 0xFE] or [0xFE, 0xFF]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
