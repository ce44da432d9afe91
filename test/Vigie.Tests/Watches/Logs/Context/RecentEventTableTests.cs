using System.Diagnostics;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Context;

namespace Vigie.Tests.Watches.Logs.Context;

public sealed class RecentEventTableTests
{
    private static readonly LogOrigin Origin = new("app", "/var/log/app.log", "content");

    private readonly EventRecord _record = new(FieldCatalog.Empty);

    [Fact]
    public void However_many_machines_send_the_memory_is_bounded_and_those_heard_of_last_stay()
    {
        var settings = new LogContextSettings { Memory = 1_000_000 };
        var table = new RecentEventTable(settings);
        for (var i = 0; i < 5_000; i++) Batch(table, $"h{i}", Enumerable.Range(0, 12).Select(n => $"event {n} of {i} {new string('x', 200)}"));
        Assert.InRange(table.Bytes, 300_000, settings.Memory);
        Assert.Equal(10, table.Of("app", "h4999").All.Count());
        Assert.Empty(table.Of("app", "h0").All);
    }

    [Fact]
    public void What_a_batch_leaves_is_a_copy_of_its_last_events_in_their_order()
    {
        var table = new RecentEventTable(new LogContextSettings { Before = 3, EventBytes = 200 });
        var buffer = Batch(table, "h", ["one", "two", "three\r\n", "four", new string('y', 300)]);
        buffer.AsSpan().Clear();
        var kept = table.Of("app", "h").All.Select(e => e.ToEvent(200)).ToList();
        Assert.Equal(["three", "four", new string('y', 200)], kept.Select(e => e.Copy));
        Assert.Equal([0, 0, 100], kept.Select(e => e.Cut));
        // The same event of the same place is the same, also when it is read again.
        Batch(table, "h", ["one", "two", "three\r\n", "four", new string('y', 300)]);
        Assert.Equal(kept.Select(e => e.Id), table.Of("app", "h").All.Select(e => e.Id));
    }

    [Fact]
    public void Events_that_nobody_asks_for_cost_no_allocation()
    {
        var table = new RecentEventTable(new LogContextSettings());
        var buffer = Encoding.UTF8.GetBytes("an event like any other of this machine, with some text behind it");
        Run(table, buffer, 20_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.GetTimestamp();
        Run(table, buffer, 200_000);
        var each = Stopwatch.GetElapsedTime(clock).TotalNanoseconds / 200_000;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000);
        TestContext.Current.SendDiagnosticMessage($"{each:0} ns an event of ten machines");
    }

    // Events of ten machines in turn, in batches of 5,000.
    private void Run(RecentEventTable table, byte[] buffer, int count)
    {
        ReadOnlySpan<byte> hosts = "h0h1h2h3h4h5h6h7h8h9"u8;
        for (var i = 0; i < count; i++)
        {
            if (i % 5_000 == 0)
            {
                table.End();
                table.Begin("app");
            }

            _record.Begin(buffer, 0, buffer.Length);
            _record.Offset = i;
            table.Of(hosts.Slice(i % 10 * 2, 2)).Keep(_record, Origin, isBinary: false);
        }
    }

    private byte[] Batch(RecentEventTable table, string host, IEnumerable<string> events)
    {
        var lines = events.Select(Encoding.UTF8.GetBytes).ToList();
        byte[] buffer = [.. lines.SelectMany(line => line)];
        table.Begin("app");
        var start = 0;
        foreach (var line in lines)
        {
            _record.Begin(buffer, start, line.Length);
            _record.Offset = start;
            table.Of(Encoding.UTF8.GetBytes(host)).Keep(_record, Origin, isBinary: false);
            start += line.Length;
        }

        table.End();
        return buffer;
    }
}
