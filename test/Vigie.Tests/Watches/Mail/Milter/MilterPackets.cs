using System.Buffers.Binary;
using System.Text;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>Packets as an MTA sends them, built byte by byte so that the tests do not lean on the code under test.</summary>
internal static class MilterPackets
{
    public static byte[] Packet(char command, params ReadOnlySpan<byte> data)
    {
        var packet = new byte[5 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, 1 + data.Length);
        packet[4] = (byte)command;
        data.CopyTo(packet.AsSpan(5));
        return packet;
    }

    public static byte[] Texts(char command, params IEnumerable<string> texts) =>
        Packet(command, Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => text + "\0"))));

    public static byte[] Negotiate(int version = 6, MilterActions actions = MilterActions.All, MilterSteps steps = MilterSteps.All)
    {
        var data = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(data, version);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), (uint)actions);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(8), (uint)steps);
        return Packet('O', data);
    }

    public static byte[] Macro(char command, params string[] pairs) =>
        Packet('D', [(byte)command, .. Encoding.UTF8.GetBytes(string.Concat(pairs.Select(text => text + "\0")))]);

    public static byte[] Connect(string host = "client.example.com", char family = '4', int port = 4711, string address = "192.0.2.1")
    {
        var data = new List<byte>(Encoding.UTF8.GetBytes(host)) { 0, (byte)family };
        if (family != 'U')
        {
            data.Add((byte)(port >> 8));
            data.Add((byte)port);
            data.AddRange(Encoding.UTF8.GetBytes(address));
            data.Add(0);
        }

        return Packet('C', [.. data]);
    }

    public static byte[] Helo(string name = "client.example.com") => Texts('H', name);

    public static byte[] MailFrom(string address = "<a@example.com>", params IEnumerable<string> parameters) => Texts('M', [address, .. parameters]);

    public static byte[] Recipient(string address = "<b@example.org>", params IEnumerable<string> parameters) => Texts('R', [address, .. parameters]);

    public static byte[] Data() => Packet('T');

    public static byte[] Header(string name, string value) => Texts('L', name, value);

    public static byte[] EndOfHeaders() => Packet('N');

    public static byte[] Body(string text) => Packet('B', Encoding.UTF8.GetBytes(text));

    public static byte[] EndOfMessage(string text = "") => Packet('E', Encoding.UTF8.GetBytes(text));

    public static byte[] Abort() => Packet('A');

    public static byte[] Quit() => Packet('Q');

    /// <summary>A whole small message, each packet of which but the macros is answered.</summary>
    public static IReadOnlyList<byte[]> Message(string recipient = "<b@example.org>") =>
    [
        Macro('M', "i", "4XyZ", "{mail_addr}", "a@example.com"), MailFrom("<a@example.com>", "SIZE=100"),
        Recipient(recipient), Data(), Header("Subject", "hello"), Header("To", "b@example.org"), EndOfHeaders(), Body("one\r\n"), Macro('E', "i", "4XyZ"), EndOfMessage(),
    ];
}
