using System.Globalization;
using System.Security.Cryptography;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Sources.Http;

/// <summary>How a bulk request ended.</summary>
internal enum BulkOutcome
{
    /// <summary>It is through; items may have failed one by one.</summary>
    Done,

    /// <summary>So much waits that nothing more is taken: send it again later.</summary>
    Busy,

    /// <summary>It could not be stored: send it again later.</summary>
    Failed,
}

/// <summary>Brings the documents of requests through the pipeline, each delivery once.</summary>
internal sealed class BulkIntake(LogSourceState source, LogQueue queue, BulkDeliveries deliveries, Func<bool> isFailing, TimeProvider time)
{
    // A request is matched in parts of this size, each committed by itself and known by itself when it is sent again.
    private const int PartBytes = 4_000_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long a sender waits for its receipt; what takes longer goes on, and is known when it is sent again.</summary>
    private static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(25);

    /// <summary>Brings the documents of a request through; returns when what was found in them is stored.</summary>
    public async Task<BulkOutcome> TakeAsync(ReadOnlyMemory<byte> body, BulkUnderWay request, CancellationToken ct)
    {
        if (isFailing()) return BulkOutcome.Failed;
        if (queue.Bytes + body.Length > queue.MaxBytes && queue.Bytes > 0) return BulkOutcome.Busy;
        var received = time.GetUtcNow();
        try
        {
            var part = 0;
            foreach (var (start, end) in Parts(request.Items))
            {
                var delivery = string.Create(CultureInfo.InvariantCulture, $"{source.Name}:{request.Hash}:{part++}");
                var through = deliveries.OnceAsync(delivery, () => DeliverAsync(body[start..end], start, request, delivery, received));
                if (!await IsThroughAsync(through, received, ct).ConfigureAwait(false)) return BulkOutcome.Failed;
            }

            return BulkOutcome.Done;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return BulkOutcome.Failed;
        }
    }

    // Cut short where the store fails: the sender keeps what it has, and what is under way here is known when it comes again.
    private async Task<bool> IsThroughAsync(Task through, DateTimeOffset received, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await through.WaitAsync(LookEvery, time, ct).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException)
            {
                if (isFailing() || time.GetUtcNow() - received > WaitAtMost) return false;
            }
        }
    }

    /// <summary>The hash of a body; the same body sent again has the same.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16));

    // It is not given up when the sender is: the body is copied, and what is under way is finished.
    private async Task DeliverAsync(ReadOnlyMemory<byte> documents, int start, BulkUnderWay request, string delivery, DateTimeOffset received)
    {
        using var buffer = new EventBuffer(diagnostic =>
        {
            source.Report(request.Place, diagnostic);
            request.Fail(diagnostic);
        });
        buffer.Restart(start, request.Hash);
        var format = LogFormats.Find(source.Settings.Format ?? "json") ?? LogFormats.Find("json")!;
        buffer.Reader = format.Open(source.Settings.ReadAs.For("", received));
        if (!buffer.TryAppend(documents.Span))
        {
            var tooLong = new LogDiagnostic("content.event-too-long", start, $"a document is longer than {LogWindow.MaxRecordBytes} bytes");
            source.Report(request.Place, tooLong);
            request.Fail(tooLong);
            return;
        }

        buffer.IsFinal = true;
        var batch = new BulkBatch(source, buffer, request, delivery, received);
        await queue.EnterAsync(batch, CancellationToken.None).ConfigureAwait(false);
        await batch.Done.ConfigureAwait(false);
    }

    private static IEnumerable<(int Start, int End)> Parts(List<BulkItem> items)
    {
        var start = items[0].Start;
        var end = start;
        foreach (var item in items)
        {
            if (end > start && item.End - start > PartBytes)
            {
                yield return (start, end);
                start = item.Start;
            }

            end = item.End;
        }

        yield return (start, end);
    }
}
