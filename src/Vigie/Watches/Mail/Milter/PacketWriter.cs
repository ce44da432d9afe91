using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Vigie.Watches.Mail.Milter;

/// <summary>Encodes what a filter answers.</summary>
internal static class PacketWriter
{
    /// <summary>Largest piece of a replaced body (<c>MILTER_CHUNK_SIZE</c>).</summary>
    public const int BodyChunk = 65535;

    public static void Write(IBufferWriter<byte> output, MilterAnswer answer)
    {
        var span = output.GetSpan(5);
        BinaryPrimitives.WriteUInt32BigEndian(span, 1);
        span[4] = (byte)answer;
        output.Advance(5);
    }

    public static void Write(IBufferWriter<byte> output, MilterReply reply)
    {
        // The MTA reads "%%" as one percent sign and drops single ones (it is a format string in Sendmail).
        if (reply.Text is { } text) WriteTexts(output, MilterAnswer.ReplyCode, text.Replace("%", "%%", StringComparison.Ordinal));
        else Write(output, reply.Answer);
    }

    /// <summary>Writes texts, each ended by NUL.</summary>
    public static void WriteTexts(IBufferWriter<byte> output, MilterAnswer answer, params ReadOnlySpan<string> texts) =>
        WriteTexts(output, answer, index: null, texts);

    /// <summary>Writes a header action: index or occurrence, name, value.</summary>
    public static void WriteTexts(IBufferWriter<byte> output, MilterAnswer answer, int? index, params ReadOnlySpan<string> texts)
    {
        var length = 1 + (index is null ? 0 : 4);
        foreach (var text in texts) length += Encoding.UTF8.GetByteCount(text) + 1;

        var span = output.GetSpan(PacketReader.LengthBytes + length);
        BinaryPrimitives.WriteUInt32BigEndian(span, (uint)length);
        span[4] = (byte)answer;
        var at = 5;
        if (index is { } number)
        {
            BinaryPrimitives.WriteUInt32BigEndian(span[at..], (uint)number);
            at += 4;
        }

        foreach (var text in texts)
        {
            at += Encoding.UTF8.GetBytes(text, span[at..]);
            span[at++] = 0;
        }

        output.Advance(at);
    }

    public static void WriteBody(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        do
        {
            var chunk = body[..Math.Min(body.Length, BodyChunk)];
            var span = output.GetSpan(5 + chunk.Length);
            BinaryPrimitives.WriteUInt32BigEndian(span, (uint)chunk.Length + 1);
            span[4] = (byte)MilterAnswer.ReplaceBody;
            chunk.CopyTo(span[5..]);
            output.Advance(5 + chunk.Length);
            body = body[chunk.Length..];
        }
        while (body.Length > 0);
    }

    /// <summary>Writes the answer to an offer: version, actions, steps and, where granted, the macros wanted at each stage.</summary>
    public static void WriteNegotiation(IBufferWriter<byte> output, int version, MilterActions actions, MilterSteps steps, IReadOnlyDictionary<MacroStage, string> symbols)
    {
        var length = 1 + 12;
        foreach (var (_, names) in symbols) length += 4 + Encoding.UTF8.GetByteCount(names) + 1;

        var span = output.GetSpan(PacketReader.LengthBytes + length);
        BinaryPrimitives.WriteUInt32BigEndian(span, (uint)length);
        span[4] = (byte)MilterAnswer.Negotiate;
        BinaryPrimitives.WriteUInt32BigEndian(span[5..], (uint)version);
        BinaryPrimitives.WriteUInt32BigEndian(span[9..], (uint)actions);
        BinaryPrimitives.WriteUInt32BigEndian(span[13..], (uint)steps);
        var at = 17;
        foreach (var (stage, names) in symbols.OrderBy(pair => pair.Key))
        {
            BinaryPrimitives.WriteUInt32BigEndian(span[at..], (uint)stage);
            at += 4;
            at += Encoding.UTF8.GetBytes(names, span[at..]);
            span[at++] = 0;
        }

        output.Advance(at);
    }
}
