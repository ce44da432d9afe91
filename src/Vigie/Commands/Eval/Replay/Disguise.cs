using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Commands.Eval.Replay;

/// <summary>
/// Other names for everybody in a recorded log, and another time: rewrites the text itself, before anything reads it. The
/// same name always becomes the same other name; security identifiers keep their account, times their distances.
/// </summary>
internal sealed class Disguise
{
    private static readonly SearchValues<byte> Word = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-."u8);
    private static readonly SearchValues<byte> AddressLetters = SearchValues.Create("0123456789abcdefABCDEF:."u8);
    private static readonly int TimeLength = "2020-06-10T02:50:56".Length;

    private readonly Dictionary<string, string> _words = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _colonAddresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _people;
    private readonly TimeSpan _shift;
    private readonly bool _isJson;

    /// <summary>Makes a disguise.</summary>
    /// <param name="names">Who appears in the log.</param>
    /// <param name="people">Decides the names of hosts, accounts, domains and addresses: another text, other names. Empty to leave them as they are.</param>
    /// <param name="session">The same for ids of processes and logons.</param>
    /// <param name="shift">By how much every time is moved.</param>
    /// <param name="isJson">Whether a backslash makes a pair with what follows it.</param>
    public Disguise(RecordedNames names, string people, string session, TimeSpan shift, bool isJson)
    {
        (_people, _shift, _isJson) = (people, shift, isJson);
        if (people.Length > 0)
        {
            foreach (var domain in names.Domains) _words[domain] = Letters("d", people, domain);
            foreach (var user in names.Users) _words[user] = Letters("u", people, user);
            foreach (var host in names.Hosts) _words[host] = Letters("h", people, host);
            foreach (var address in names.Addresses) (address.Contains(':', StringComparison.Ordinal) ? _colonAddresses : _words)[address] = Address(people, address);
        }

        if (session.Length == 0) return;
        foreach (var id in names.Guids) _words[id] = new Guid(Hash(session, id).AsSpan(0, 16)).ToString("D");
        foreach (var logon in names.LogonIds) _words[logon] = $"0x{(BitConverter.ToUInt32(Hash(session, logon)) | 0x10000) & 0xFFFFFFF:x}";
    }

    /// <summary>Writes a text in the disguise.</summary>
    public void Rewrite(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        var at = 0;
        while (at < text.Length)
        {
            var plain = text[at..].IndexOfAny(Word);
            if (plain < 0) plain = text.Length - at;
            if (plain > 0 && _isJson && text.Slice(at, plain).IndexOf((byte)'\\') is >= 0 and var slash)
            {
                // What an escape stands for is no part of a word.
                var pair = Math.Min(slash + (at + slash + 1 < text.Length && text[at + slash + 1] == 'u' ? 6 : 2), text.Length - at);
                output.Write(text.Slice(at, pair));
                at += pair;
                continue;
            }

            output.Write(text.Slice(at, plain));
            at += plain;
            if (at < text.Length) at += WriteWord(text[at..], output);
        }
    }

    private int WriteWord(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (TryWriteTime(text, output)) return TimeLength;
        var length = text.IndexOfAnyExcept(Word);
        if (length < 0) length = text.Length;
        if (_colonAddresses.Count > 0 && length < text.Length && text[length] == ':' && TryWriteColonAddress(text, output, out var whole)) return whole;
        var word = text[..length];
        if (_people.Length > 0 && word.StartsWith("S-1-5-21-"u8)) WriteSid(Encoding.ASCII.GetString(word), output);
        else WriteDotted(Encoding.ASCII.GetString(word), output);
        return length;
    }

    // A whole word first, then what lies between its dots: workstation5.theshire.local, john.doe, powershell.exe.
    private void WriteDotted(string word, IBufferWriter<byte> output)
    {
        if (TryWrite(word, output) || !word.Contains('.', StringComparison.Ordinal))
        {
            return;
        }

        var first = true;
        foreach (var part in word.Split('.'))
        {
            if (!first) output.Write("."u8);
            first = false;
            _ = TryWrite(part, output, always: true);
        }
    }

    private bool TryWrite(string word, IBufferWriter<byte> output, bool always = false)
    {
        var known = _words.TryGetValue(word, out var other);
        if (!known && !always && word.Contains('.', StringComparison.Ordinal)) return false;
        var text = !known ? word : word.AsSpan().ContainsAnyInRange('a', 'z') ? other! : other!.ToUpperInvariant();
        Encoding.UTF8.GetBytes(text, output);
        return true;
    }

    private bool TryWriteColonAddress(ReadOnlySpan<byte> text, IBufferWriter<byte> output, out int length)
    {
        length = text.IndexOfAnyExcept(AddressLetters);
        if (length < 0) length = text.Length;
        if (length > 45 || !_colonAddresses.TryGetValue(Encoding.ASCII.GetString(text[..length]), out var other)) return false;
        Encoding.UTF8.GetBytes(other, output);
        return true;
    }

    private bool TryWriteTime(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (_shift == TimeSpan.Zero || text.Length < TimeLength || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':') return false;
        var separator = (char)text[10];
        Span<char> chars = stackalloc char[TimeLength];
        Encoding.ASCII.GetChars(text[..TimeLength], chars);
        if (!DateTime.TryParseExact(chars, $"yyyy-MM-dd'{separator}'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return false;
        var ticks = time.Ticks + _shift.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        Encoding.ASCII.GetBytes(new DateTime(ticks).ToString($"yyyy-MM-dd'{separator}'HH:mm:ss", CultureInfo.InvariantCulture), output);
        return true;
    }

    // [MS-DTYP] §2.4.2: S-1-5-21-domain-domain-domain-account.
    private void WriteSid(string sid, IBufferWriter<byte> output)
    {
        var parts = sid.Split('-');
        if (parts.Length < 7)
        {
            Encoding.UTF8.GetBytes(sid, output);
            return;
        }

        var hash = Hash(_people, string.Join('-', parts.AsSpan(0, 7)!));
        for (var i = 0; i < 3; i++) parts[4 + i] = BitConverter.ToUInt32(hash, i * 4).ToString(CultureInfo.InvariantCulture);
        Encoding.UTF8.GetBytes(string.Join('-', parts), output);
    }

    private static string Address(string seed, string text)
    {
        var address = IPAddress.Parse(text);
        var hash = Hash(seed, address.ToString());
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4)
        {
            // Private stays private; what is public becomes another public one.
            var isPrivate = bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168);
            return new IPAddress([isPrivate ? (byte)10 : (byte)45, hash[0], hash[1], (byte)((hash[2] % 254) + 1)]).ToString();
        }

        hash.AsSpan(0, 8).CopyTo(bytes.AsSpan(8));
        return new IPAddress(bytes).ToString();
    }

    private static string Letters(string prefix, string seed, string name)
    {
        var hash = Hash(seed, name.ToUpperInvariant());
        return prefix + string.Concat(hash.Take(9).Select(b => (char)('a' + (b % 26))));
    }

    private static byte[] Hash(string seed, string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\0{name.ToUpperInvariant()}"));
}
