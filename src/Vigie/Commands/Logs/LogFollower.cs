using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Commands.Logs;

/// <summary>
/// Reads what is appended to a file, as long as it is asked to. When another file takes its name, or it is cut short, the rest
/// is read to its end and the new one from its beginning.
/// </summary>
internal sealed class LogFollower(ReadAs readAs, Action<LogDiagnostic> report)
{
    private const int ReadAtOnce = 256 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Follows a file until it is cancelled.</summary>
    /// <param name="path">The file; it has to be there.</param>
    /// <param name="fromStart">Whether what is there already counts.</param>
    /// <param name="record">Takes each event.</param>
    /// <param name="take">Is called for each event, with where it comes from and its format.</param>
    /// <param name="through">Is called after each portion, and now and then when nothing comes.</param>
    /// <param name="token">Ends it.</param>
    public async Task FollowAsync(string path, bool fromStart, EventRecord record, Action<LogOrigin, string> take, Action through, CancellationToken token)
    {
        while (true)
        {
            await using var file = LogContents.OpenShared(path);
            using var buffer = new EventBuffer(report);
            // What is there already is read, so that headers are known, and not reported.
            var silentUntil = fromStart ? 0 : file.Length;
            while (!await IsOverAsync(file, path, buffer, token))
            {
                Drain(buffer, path, silentUntil, record, take);
                through();
            }

            buffer.IsFinal = true;
            Drain(buffer, path, silentUntil, record, take);
            through();
            fromStart = true;
        }
    }

    /// <summary>Reads a stream to its end; whoever writes it may take a pause.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="record">Takes each event.</param>
    /// <param name="take">Is called for each event, with where it comes from and its format.</param>
    /// <param name="through">Is called after each portion, and now and then when nothing comes.</param>
    /// <param name="token">Ends it.</param>
    public async Task ReadAsync(Stream stream, string name, EventRecord record, Action<LogOrigin, string> take, Action through, CancellationToken token)
    {
        using var buffer = new EventBuffer(report);
        // Of its own: a read that is under way when this is ended must not write into a buffer that was given back.
        var portion = new byte[ReadAtOnce];
        int read;
        do
        {
            var reading = stream.ReadAsync(portion, token).AsTask();
            while (await Task.WhenAny(reading, Task.Delay(Pause, token)) != reading)
            {
                token.ThrowIfCancellationRequested();
                through();
            }

            read = await reading;
            var rest = portion.AsMemory(0, read);
            do
            {
                var room = buffer.Room(rest.Length);
                var taken = Math.Min(room.Length, rest.Length);
                rest[..taken].CopyTo(room);
                rest = rest[taken..];
                buffer.Appended(taken);
                buffer.IsFinal = read == 0;
                Recognize(buffer, name, isPaused: true);
                Drain(buffer, name, 0, record, take);
            }
            while (!rest.IsEmpty);

            through();
        }
        while (read > 0);
    }

    // True once the file has ended for good: its name belongs to another, or it was cut short.
    private async Task<bool> IsOverAsync(FileStream file, string path, EventBuffer buffer, CancellationToken token)
    {
        var read = await file.ReadAsync(buffer.Room(ReadAtOnce), token);
        buffer.Appended(read);
        Recognize(buffer, Path.GetFileName(path), isPaused: read == 0);
        if (read > 0) return false;
        if (file.Length < file.Position || IsReplaced(path, buffer)) return true;
        await Task.Delay(Pause, token);
        return false;
    }

    private static bool IsReplaced(string path, EventBuffer buffer)
    {
        if (buffer.Identity.Length == 0) return false;
        try
        {
            using var other = LogContents.OpenShared(path);
            var head = new byte[4096];
            var length = other.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return length > 0 && EventBuffer.IdentityOf(head.AsSpan(0, length)) != buffer.Identity && (length == head.Length || head.AsSpan(0, length).Contains((byte)'\n'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Renamed and not yet made anew: the old one goes on until there is another.
            return false;
        }
    }

    // Recognized from as much as there is once nothing more comes for a moment.
    private void Recognize(EventBuffer buffer, string fileName, bool isPaused)
    {
        if (buffer.Reader is not null || buffer.Pending == 0 || (!isPaused && buffer.Pending < ContentReader.RecognizedFrom)) return;
        var format = readAs.Format is { } id ? LogFormats.Find(id) : LogFormats.Recognize(buffer.Bytes[..Math.Min(buffer.Pending, ContentReader.RecognizedFrom)], fileName);
        if (format is not null) buffer.Reader = format.Open(readAs.For(fileName, DateTimeOffset.UtcNow));
        else if (buffer.Pending >= ContentReader.RecognizedFrom || buffer.IsFinal) throw new IOException($"{fileName}: in no format that is known; name it with --format");
    }

    private static void Drain(EventBuffer buffer, string name, long silentUntil, EventRecord record, Action<LogOrigin, string> take)
    {
        while (buffer.Reader is { } reader && buffer.Next(record))
        {
            if (record.Offset >= silentUntil) take(new LogOrigin("tail", name, buffer.Identity), reader.Format);
        }
    }
}
