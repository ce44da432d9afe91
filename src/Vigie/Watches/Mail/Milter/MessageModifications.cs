using System.Buffers;

namespace Vigie.Watches.Mail.Milter;

/// <summary>Collects a session's changes to one message as packets, to be sent with the reply or not at all.</summary>
internal sealed class MessageModifications(Func<CancellationToken, ValueTask> progress) : IMessageModifications
{
    private const int KeptBytes = 64 * 1024;
    private ArrayBufferWriter<byte> _packets = new();
    private bool _open;

    public MilterActions Granted { get; private set; }

    public bool Truncated { get; private set; }

    public ReadOnlyMemory<byte> Packets => _packets.WrittenMemory;

    /// <summary>Whether a packet was written that would put the message on hold.</summary>
    public bool Quarantines { get; private set; }

    /// <summary>Forgets what was collected and takes no more: the session failed.</summary>
    public void Discard()
    {
        _open = false;
        _packets = new ArrayBufferWriter<byte>();
        Quarantines = false;
    }

    public void Begin(MilterActions granted, bool truncated)
    {
        // One replaced body must not hold its memory for the rest of a long connection.
        if (_packets.Capacity > KeptBytes) _packets = new ArrayBufferWriter<byte>();
        else _packets.ResetWrittenCount();
        Quarantines = false;
        Granted = granted;
        Truncated = truncated;
        _open = true;
    }

    /// <summary>From here on a late call of a session that should have ended is an error of that session.</summary>
    public void End() => _open = false;

    public void AddHeader(string name, string value)
    {
        Require(MilterActions.AddHeaders);
        PacketWriter.WriteTexts(_packets, MilterAnswer.AddHeader, HeaderName(name), HeaderValue(value));
    }

    public void InsertHeader(int index, string name, string value)
    {
        Require(MilterActions.AddHeaders);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        PacketWriter.WriteTexts(_packets, MilterAnswer.InsertHeader, index, HeaderName(name), HeaderValue(value));
    }

    public void ChangeHeader(string name, int occurrence, string value)
    {
        Require(MilterActions.ChangeHeaders);
        ArgumentOutOfRangeException.ThrowIfLessThan(occurrence, 1);
        PacketWriter.WriteTexts(_packets, MilterAnswer.ChangeHeader, occurrence, HeaderName(name), HeaderValue(value));
    }

    public void AddRecipient(string address, string? parameters = null)
    {
        if (parameters is null)
        {
            Require(MilterActions.AddRecipients);
            PacketWriter.WriteTexts(_packets, MilterAnswer.AddRecipient, OneLine(address));
            return;
        }

        Require(MilterActions.AddRecipientsWithParameters);
        PacketWriter.WriteTexts(_packets, MilterAnswer.AddRecipientWithParameters, OneLine(address), OneLine(parameters));
    }

    public void DeleteRecipient(string address)
    {
        Require(MilterActions.DeleteRecipients);
        PacketWriter.WriteTexts(_packets, MilterAnswer.DeleteRecipient, OneLine(address));
    }

    public void ReplaceBody(ReadOnlySpan<byte> body)
    {
        Require(MilterActions.ChangeBody);
        PacketWriter.WriteBody(_packets, body);
    }

    public void Quarantine(string reason)
    {
        Require(MilterActions.Quarantine);
        PacketWriter.WriteTexts(_packets, MilterAnswer.Quarantine, OneLine(reason));
        Quarantines = true;
    }

    public void ChangeFrom(string address, string? parameters = null)
    {
        Require(MilterActions.ChangeFrom);
        if (parameters is null) PacketWriter.WriteTexts(_packets, MilterAnswer.ChangeFrom, OneLine(address));
        else PacketWriter.WriteTexts(_packets, MilterAnswer.ChangeFrom, OneLine(address), OneLine(parameters));
    }

    public ValueTask ProgressAsync(CancellationToken cancellationToken)
    {
        Require(MilterActions.None);
        return progress(cancellationToken);
    }

    private void Require(MilterActions action)
    {
        if (!_open) throw new InvalidOperationException("the message is over; changes must be made before EndOfMessageAsync ends");
        if ((Granted & action) != action) throw new InvalidOperationException($"the action {action} was not negotiated with the MTA");
    }

    // RFC 5322 §2.2: printable ASCII but the colon.
    private static string HeaderName(string name) =>
        name.Length > 0 && name.All(c => c is > ' ' and < (char)127 and not ':')
            ? name
            : throw new ArgumentException($"\"{name}\" is not a header field name", nameof(name));

    // A bare line break would let a value smuggle in further fields or a body. The protocol wants LF for folds.
    private static string HeaderValue(string value)
    {
        var text = value.Replace("\r\n", "\n", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            var folds = text[i] == '\n' && i + 1 < text.Length && text[i + 1] is ' ' or '\t';
            if (text[i] is '\0' or '\r' || text[i] == '\n' && !folds)
                throw new ArgumentException("a header value may break lines only before a space or tab", nameof(value));
        }

        return text;
    }

    private static string OneLine(string text) =>
        text.AsSpan().ContainsAny('\0', '\r', '\n') ? throw new ArgumentException("must be one line", nameof(text)) : text;
}
