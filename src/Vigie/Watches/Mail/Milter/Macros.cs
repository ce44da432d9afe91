using System.Buffers;

namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// The macros the MTA has sent, by stage. Kept as bytes and only decoded when asked for, as most never are.
/// Not safe for concurrent use; valid during a call of the session.
/// </summary>
public sealed class Macros
{
    // Stages in the order of the dialogue, not in that of SMFIM_*; the last place holds those of an unknown command.
    private const int Stages = 8;
    private const int UnknownPlace = 7;
    private readonly Stage[] _stages = new Stage[Stages];

    internal Macros()
    {
    }

    /// <summary>
    /// The value of a macro, with or without its braces (<c>i</c>, <c>{auth_authen}</c>, <c>auth_authen</c>): the latest
    /// stage that has it wins. Null where the MTA did not send it.
    /// </summary>
    public string? this[string name]
    {
        get
        {
            for (var place = Stages - 1; place >= 0; place--)
                if (_stages[place].Find(name) is { } value)
                    return value;
            return null;
        }
    }

    /// <summary>Every macro of a stage, in the order sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> At(MacroStage stage) => _stages[PlaceOf(stage)].All();

    /// <summary>Stores a macro packet's pairs. What an earlier packet told of this stage or of a later one no longer holds.</summary>
    /// <returns>False where the pairs are malformed; nothing is stored then.</returns>
    internal bool TryStore(MilterCommand command, in ReadOnlySequence<byte> pairs)
    {
        if (PlaceOf(command) is not { } place) return true;
        if (!PacketText.IsTerminatedPairs(pairs)) return false;

        // A macro sent before an unknown command says nothing about the message under way.
        if (place == UnknownPlace) _stages[place].Clear();
        else ClearFrom(place);
        _stages[place].Store(pairs);
        return true;
    }

    /// <summary>Forgets what belongs to a message, and keeps what was told of the connection.</summary>
    internal void ClearMessage() => ClearFrom(PlaceOf(MacroStage.MailFrom));

    /// <summary>Forgets all and gives the memory back.</summary>
    internal void Clear() => ClearFrom(0);

    private void ClearFrom(int first)
    {
        for (var place = first; place < Stages; place++) _stages[place].Clear();
    }

    private static int? PlaceOf(MilterCommand command) => command switch
    {
        MilterCommand.Connect => PlaceOf(MacroStage.Connect),
        MilterCommand.Helo => PlaceOf(MacroStage.Helo),
        MilterCommand.MailFrom => PlaceOf(MacroStage.MailFrom),
        MilterCommand.Recipient => PlaceOf(MacroStage.Recipient),
        MilterCommand.Data => PlaceOf(MacroStage.Data),
        MilterCommand.EndOfHeaders => PlaceOf(MacroStage.EndOfHeaders),
        MilterCommand.EndOfMessage => PlaceOf(MacroStage.EndOfMessage),
        MilterCommand.Unknown => UnknownPlace,
        _ => null,
    };

    private static int PlaceOf(MacroStage stage) => stage switch
    {
        MacroStage.Connect => 0,
        MacroStage.Helo => 1,
        MacroStage.MailFrom => 2,
        MacroStage.Recipient => 3,
        MacroStage.Data => 4,
        MacroStage.EndOfHeaders => 5,
        MacroStage.EndOfMessage => 6,
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    private struct Stage
    {
        private byte[]? _bytes;
        private int _length;

        public void Store(in ReadOnlySequence<byte> pairs)
        {
            var length = (int)pairs.Length;
            if (_bytes is null || _bytes.Length < length)
            {
                Clear();
                _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(length, 256));
            }

            pairs.CopyTo(_bytes);
            _length = length;
        }

        public void Clear()
        {
            _length = 0;
            if (_bytes is null) return;
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = null;
        }

        public readonly string? Find(string name)
        {
            ReadOnlySpan<byte> rest = _bytes.AsSpan(0, _length);
            var wanted = WithoutBraces(name);
            while (rest.Length > 0)
            {
                var key = PacketText.TakeTerminated(ref rest);
                var value = PacketText.TakeTerminated(ref rest);
                if (key is [(byte)'{', .. var inner, (byte)'}']) key = inner;
                if (IsAscii(key, wanted)) return PacketText.Decode(value);
            }

            return null;
        }

        public readonly List<KeyValuePair<string, string>> All()
        {
            var found = new List<KeyValuePair<string, string>>();
            ReadOnlySpan<byte> rest = _bytes.AsSpan(0, _length);
            while (rest.Length > 0)
            {
                var key = PacketText.TakeTerminated(ref rest);
                var value = PacketText.TakeTerminated(ref rest);
                found.Add(new(PacketText.Decode(key), PacketText.Decode(value)));
            }

            return found;
        }

        private static ReadOnlySpan<char> WithoutBraces(string name) => name is ['{', .., '}'] ? name.AsSpan(1, name.Length - 2) : name;

        private static bool IsAscii(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> text) => System.Text.Ascii.Equals(bytes, text);
    }
}
