using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>A real conversation of the milter whose socket is a pair of pipes.</summary>
internal static class InMemoryConversation
{
    /// <summary>Sends pieces one after the other, each read by the milter before the next is sent, then closes; returns all it answered.</summary>
    public static async Task<byte[]> RunAsync(IMilterHandler handler, MilterSettings settings, IEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var inline = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false, pauseWriterThreshold: 0);
        var toMilter = new Pipe(inline);
        var fromMilter = new Pipe(inline);
        using var meters = new Meters();
        var services = new MilterServices(settings, new MilterMetrics(meters, () => 1), NullLogger.Instance, TimeProvider.System);
        await using var conversation = new MilterConversation(
            new MilterConnection(1, new IPEndPoint(IPAddress.Loopback, 1), null), toMilter.Reader, fromMilter.Writer, () => { }, handler, services);

        var run = conversation.RunAsync();
        foreach (var piece in pieces)
        {
            if (run.IsCompleted) break;
            await toMilter.Writer.WriteAsync(piece, cancellationToken);
        }

        await toMilter.Writer.CompleteAsync();
        await run.WaitAsync(cancellationToken);
        await fromMilter.Writer.CompleteAsync();
        var answered = new MemoryStream();
        await fromMilter.Reader.CopyToAsync(answered, cancellationToken);
        return answered.ToArray();
    }

    /// <summary>Instruments that nobody listens to.</summary>
    internal sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public void Dispose() => _made.ForEach(meter => meter.Dispose());
    }
}
