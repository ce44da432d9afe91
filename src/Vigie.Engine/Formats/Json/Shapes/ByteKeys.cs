using System.Collections.Frozen;
using System.Text;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>Something for each of a few short texts, found by their UTF-8 without making strings; case does not count.</summary>
internal sealed class ByteKeys<T>
    where T : class
{
    private const int Longest = 96;

    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Keeps <paramref name="entries"/>.</summary>
    public ByteKeys(IEnumerable<KeyValuePair<string, T>> entries) =>
        _lookup = entries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What belongs to a text, or null.</summary>
    public T? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > Longest) return null;
        Span<char> text = stackalloc char[Longest];
        return _lookup.TryGetValue(text[..Encoding.UTF8.GetChars(utf8, text)], out var found) ? found : null;
    }
}
