using Vigie.Engine.Formats;

namespace Vigie.Watches.Logs.Sources.Syslog;

/// <summary>
/// Cuts a stream of syslog into messages (RFC 6587): octet counting (§3.4.1, <c>LENGTH SP MESSAGE</c>) and trailers
/// (§3.4.2, LF or NUL), told apart for each message by its first character, because relays mix them. A message that is longer
/// than allowed is cut and said to be. One per connection; holds no bytes itself.
/// </summary>
internal sealed class SyslogFraming(int maxMessage, Action<LogDiagnostic> report)
{
    private const int MaxLengthDigits = 8;

    private long _skip;
    private bool _skipLine;
    private long _offset;

    /// <summary>Takes the next message.</summary>
    /// <param name="data">The bytes at hand; what was consumed must not come again.</param>
    /// <param name="isFinal">Whether the connection has ended: what is left is a message.</param>
    /// <param name="message">The message without frame and trailing line ends; may be empty.</param>
    /// <returns>The bytes consumed; 0 when more are needed.</returns>
    public int Take(ReadOnlySpan<byte> data, bool isFinal, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (data.IsEmpty) return 0;
        var consumed = TakeOne(data, isFinal, out message);
        _offset += consumed;
        message = message.TrimEnd("\r\n\0"u8);
        return consumed;
    }

    private int TakeOne(ReadOnlySpan<byte> data, bool isFinal, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_skip > 0)
        {
            var skipped = (int)Math.Min(_skip, data.Length);
            _skip -= skipped;
            return skipped;
        }

        return !_skipLine && TryReadLength(data, out var digits, out var length, out var isWhole)
            ? isWhole ? Counted(data, digits, length, isFinal, out message) : isFinal ? data.Length : 0
            : Line(data, isFinal, out message);
    }

    private int Counted(ReadOnlySpan<byte> data, int digits, int length, bool isFinal, out ReadOnlySpan<byte> message)
    {
        var start = digits + 1;
        var kept = Math.Min(length, maxMessage);
        message = default;
        if (data.Length < start + kept)
        {
            if (!isFinal) return 0;
            message = data[start..];
            report(new LogDiagnostic("syslog.cut", _offset, "the connection ended within a message"));
            return data.Length;
        }

        message = data.Slice(start, kept);
        if (length > maxMessage) TooLong();
        _skip = length - kept;
        return start + kept;
    }

    private int Line(ReadOnlySpan<byte> data, bool isFinal, out ReadOnlySpan<byte> message)
    {
        message = default;
        var end = data.IndexOfAny((byte)'\n', (byte)0);
        if (_skipLine)
        {
            _skipLine = end < 0;
            return end < 0 ? data.Length : end + 1;
        }

        if (end >= 0 && end <= maxMessage)
        {
            message = data[..end];
            return end + 1;
        }

        if (data.Length > maxMessage)
        {
            message = data[..maxMessage];
            _skipLine = true;
            TooLong();
            return maxMessage;
        }

        if (!isFinal) return 0;
        message = data;
        return data.Length;
    }

    // A counted message's number is followed by a space and "<"; a line that begins with a number is something else.
    private static bool TryReadLength(ReadOnlySpan<byte> data, out int digits, out int length, out bool isWhole)
    {
        (digits, length, isWhole) = (0, 0, false);
        if (data[0] is < (byte)'1' or > (byte)'9') return false;
        while (digits < data.Length && digits < MaxLengthDigits && data[digits] is >= (byte)'0' and <= (byte)'9')
        {
            length = length * 10 + (data[digits] - '0');
            digits++;
        }

        if (digits == data.Length) return true;
        if (data[digits] != ' ') return false;
        isWhole = digits + 1 < data.Length;
        return !isWhole || data[digits + 1] == '<';
    }

    private void TooLong() => report(new LogDiagnostic("syslog.too-long", _offset, $"a message is longer than maxMessageBytes ({maxMessage}) and was cut"));
}
