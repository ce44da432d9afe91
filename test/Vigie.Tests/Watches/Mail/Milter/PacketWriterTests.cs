using System.Buffers;
using System.Text;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>The bytes on the wire, written out by hand from <c>mfdef.h</c>.</summary>
public sealed class PacketWriterTests
{
    private static string Hex(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Convert.ToHexStringLower(output.WrittenSpan);
    }

    private static string HexOf(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData('c')]
    [InlineData('a')]
    [InlineData('r')]
    [InlineData('d')]
    [InlineData('t')]
    [InlineData('s')]
    [InlineData('p')]
    [InlineData('4')]
    public void A_bare_answer_is_length_one_and_its_letter(char letter) =>
        Assert.Equal($"00000001{(int)letter:x2}", Hex(o => PacketWriter.Write(o, (MilterAnswer)letter)));

    [Fact]
    public void Replies_have_the_letters_of_mfdef()
    {
        Assert.Equal("0000000163", Hex(o => PacketWriter.Write(o, MilterReply.Continue)));
        Assert.Equal("0000000163", Hex(o => PacketWriter.Write(o, default(MilterReply))));
        Assert.Equal("0000000161", Hex(o => PacketWriter.Write(o, MilterReply.Accept)));
        Assert.Equal("0000000172", Hex(o => PacketWriter.Write(o, MilterReply.Reject)));
        Assert.Equal("0000000164", Hex(o => PacketWriter.Write(o, MilterReply.Discard)));
        Assert.Equal("0000000174", Hex(o => PacketWriter.Write(o, MilterReply.TempFail)));
        Assert.Equal("0000000173", Hex(o => PacketWriter.Write(o, MilterReply.Skip)));
        Assert.Equal("0000000134", Hex(o => PacketWriter.Write(o, MilterReply.Shutdown)));
    }

    [Fact]
    public void A_reply_text_doubles_percent_signs() =>
        Assert.Equal("00000016" + HexOf("y550 5.7.1 100%% sure\0"), Hex(o => PacketWriter.Write(o, MilterReply.Custom(550, "5.7.1", "100% sure"))));

    [Fact]
    public void A_reply_of_several_lines_repeats_the_codes() =>
        Assert.Equal(
            "00000032" + HexOf("y550-5.7.1 Did you mean\r\n550-5.7.1 \r\n550 5.7.1 b?\0"),
            Hex(o => PacketWriter.Write(o, MilterReply.Custom(550, "5.7.1", "Did you mean", "", "b?"))));

    [Fact]
    public void The_offer_is_answered_with_masks_and_symbols() =>
        Assert.Equal(
            "0000001d" + HexOf("O") + "00000006" + "00000121" + "00080410"
            + "00000003" + HexOf("i\0") + "00000005" + HexOf("i {a}\0"),
            Hex(o => PacketWriter.WriteNegotiation(
                o, 6, MilterActions.AddHeaders | MilterActions.Quarantine | MilterActions.SetSymbolList, MilterSteps.NoBody | MilterSteps.Skip | MilterSteps.NoReplyToBody,
                new Dictionary<MacroStage, string> { [MacroStage.EndOfMessage] = "i {a}", [MacroStage.Recipient] = "i" })));

    [Fact]
    public void Modifications_have_the_layout_of_the_protocol()
    {
        Assert.Equal("00000005" + HexOf("hX\0y\0"), Modified(m => m.AddHeader("X", "y")));
        Assert.Equal("0000000a" + HexOf("i") + "00000002" + HexOf("X\0yz\0"), Modified(m => m.InsertHeader(2, "X", "yz")));
        Assert.Equal("00000008" + HexOf("m") + "00000001" + HexOf("X\0\0"), Modified(m => m.ChangeHeader("X", 1, "")));
        Assert.Equal("00000005" + HexOf("+<a>\0"), Modified(m => m.AddRecipient("<a>")));
        Assert.Equal("00000012" + HexOf("2<a>\0NOTIFY=NEVER\0"), Modified(m => m.AddRecipient("<a>", "NOTIFY=NEVER")));
        Assert.Equal("00000005" + HexOf("-<a>\0"), Modified(m => m.DeleteRecipient("<a>")));
        Assert.Equal("00000005" + HexOf("qwhy\0"), Modified(m => m.Quarantine("why")));
        Assert.Equal("00000005" + HexOf("e<a>\0"), Modified(m => m.ChangeFrom("<a>")));
        Assert.Equal("0000000c" + HexOf("e<a>\0SIZE=1\0"), Modified(m => m.ChangeFrom("<a>", "SIZE=1")));
        Assert.Equal("00000006" + HexOf("bhello"), Modified(m => m.ReplaceBody("hello"u8)));
    }

    [Fact]
    public void A_replaced_body_is_cut_into_chunks_of_65535_bytes()
    {
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.WriteBody(output, new byte[65535 * 2 + 10]);
        var bytes = output.WrittenSpan;
        Assert.Equal(5 + 65535 + 5 + 65535 + 5 + 10, bytes.Length);
        Assert.Equal("0001000062", Convert.ToHexStringLower(bytes[..5]));
        Assert.Equal("0001000062", Convert.ToHexStringLower(bytes.Slice(65540, 5)));
        Assert.Equal("0000000b62", Convert.ToHexStringLower(bytes.Slice(2 * 65540, 5)));
    }

    [Fact]
    public void An_empty_body_is_one_empty_chunk() => Assert.Equal("0000000162", Hex(o => PacketWriter.WriteBody(o, [])));

    private static string Modified(Action<IMessageModifications> modify)
    {
        var modifications = new MessageModifications(_ => ValueTask.CompletedTask);
        modifications.Begin(MilterActions.All, truncated: false);
        modify(modifications);
        return Convert.ToHexStringLower(modifications.Packets.Span);
    }
}
