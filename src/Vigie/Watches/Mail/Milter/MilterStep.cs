namespace Vigie.Watches.Mail.Milter;

/// <summary>What one command of the dialogue carries, decoded.</summary>
internal readonly struct StepArguments
{
    public ConnectInfo? Client { get; init; }

    public MailboxArgument Mailbox { get; init; }

    /// <summary>HELO name, header name or unknown command.</summary>
    public string? Name { get; init; }

    public string? Value { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>What can be negotiated about a command.</summary>
internal static class MilterStep
{
    /// <summary>The bit that leaves the step out.</summary>
    public static MilterSteps Omission(MilterCommand command) => command switch
    {
        MilterCommand.Connect => MilterSteps.NoConnect,
        MilterCommand.Helo => MilterSteps.NoHelo,
        MilterCommand.MailFrom => MilterSteps.NoMailFrom,
        MilterCommand.Recipient => MilterSteps.NoRecipients,
        MilterCommand.Data => MilterSteps.NoData,
        MilterCommand.Unknown => MilterSteps.NoUnknown,
        MilterCommand.Header => MilterSteps.NoHeaders,
        MilterCommand.EndOfHeaders => MilterSteps.NoEndOfHeaders,
        MilterCommand.Body => MilterSteps.NoBody,
        _ => MilterSteps.None,
    };

    /// <summary>The bit that makes the MTA not wait for an answer to the step.</summary>
    public static MilterSteps Silence(MilterCommand command) => command switch
    {
        MilterCommand.Connect => MilterSteps.NoReplyToConnect,
        MilterCommand.Helo => MilterSteps.NoReplyToHelo,
        MilterCommand.MailFrom => MilterSteps.NoReplyToMailFrom,
        MilterCommand.Recipient => MilterSteps.NoReplyToRecipients,
        MilterCommand.Data => MilterSteps.NoReplyToData,
        MilterCommand.Unknown => MilterSteps.NoReplyToUnknown,
        MilterCommand.Header => MilterSteps.NoReplyToHeaders,
        MilterCommand.EndOfHeaders => MilterSteps.NoReplyToEndOfHeaders,
        MilterCommand.Body => MilterSteps.NoReplyToBody,
        _ => MilterSteps.None,
    };

    /// <summary>Whether the command belongs to a message rather than to the connection.</summary>
    public static bool IsOfMessage(MilterCommand command) => command
        is MilterCommand.MailFrom or MilterCommand.Recipient or MilterCommand.Data or MilterCommand.Header
        or MilterCommand.EndOfHeaders or MilterCommand.Body or MilterCommand.EndOfMessage;

    /// <summary>Decodes what the command carries.</summary>
    /// <returns>False where it is malformed.</returns>
    public static bool TryDecode(MilterCommand command, ReadOnlyMemory<byte> data, out StepArguments arguments)
    {
        arguments = default;
        switch (command)
        {
            case MilterCommand.Connect:
                if (DecodeConnect(data.Span) is not { } client) return false;
                arguments = new StepArguments { Client = client };
                return true;
            case MilterCommand.MailFrom or MilterCommand.Recipient:
                if (!IsTerminated(data.Span)) return false;
                arguments = new StepArguments { Mailbox = DecodeMailbox(data.Span) };
                return true;
            case MilterCommand.Helo or MilterCommand.Unknown:
                if (!IsTerminated(data.Span)) return false;
                var text = data.Span;
                arguments = new StepArguments { Name = PacketText.Decode(PacketText.TakeTerminated(ref text)) };
                return true;
            case MilterCommand.Header:
                if (!IsTerminated(data.Span) || data.Span.Count((byte)0) < 2) return false;
                var field = data.Span;
                var name = PacketText.Decode(PacketText.TakeTerminated(ref field));
                arguments = new StepArguments { Name = name, Value = PacketText.Decode(PacketText.TakeTerminated(ref field)) };
                return true;
            case MilterCommand.Body or MilterCommand.EndOfMessage:
                arguments = new StepArguments { Body = data };
                return true;
            default:
                return true;
        }
    }

    private static bool IsTerminated(ReadOnlySpan<byte> data) => data.Length > 0 && data[^1] == 0;

    private static MailboxArgument DecodeMailbox(ReadOnlySpan<byte> data)
    {
        var address = PacketText.Decode(PacketText.TakeTerminated(ref data));
        if (data.Length == 0) return new MailboxArgument(address, []);

        var parameters = new List<string>();
        while (data.Length > 0) parameters.Add(PacketText.Decode(PacketText.TakeTerminated(ref data)));
        return new MailboxArgument(address, parameters);
    }

    // Host NUL family; then, but for an unknown family, port (2 bytes, most significant first) and address NUL.
    private static ConnectInfo? DecodeConnect(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)0);
        if (end < 0 || data.Length == end + 1) return null;

        var host = PacketText.Decode(data[..end]);
        var rest = data[(end + 2)..];
        ConnectFamily? family = data[end + 1] switch
        {
            (byte)'U' => ConnectFamily.Unknown,
            (byte)'L' => ConnectFamily.Unix,
            (byte)'4' => ConnectFamily.IPv4,
            (byte)'6' => ConnectFamily.IPv6,
            _ => null,
        };
        if (family is null) return null;
        if (family is ConnectFamily.Unknown) return new ConnectInfo(host, ConnectFamily.Unknown, "", 0);
        if (rest.Length < 3 || rest[^1] != 0) return null;

        var port = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[2..];
        return new ConnectInfo(host, family.Value, PacketText.Decode(PacketText.TakeTerminated(ref rest)), port);
    }
}
