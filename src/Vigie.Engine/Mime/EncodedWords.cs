using System.Globalization;
using System.Text;

namespace Vigie.Engine.Mime;

/// <summary>Decodes the encoded words of RFC 2047 (<c>=?utf-8?Q?caf=C3=A9?=</c>) in a header field. Never throws.</summary>
public static class EncodedWords
{
    /// <summary>The text as a reader would see it; a word that cannot be decoded stays as it is.</summary>
    public static string Decode(string value)
    {
        if (!value.Contains("=?", StringComparison.Ordinal)) return value;
        var text = new StringBuilder(value.Length);
        var position = 0;
        var afterWord = false;
        while (position < value.Length)
        {
            var start = value.IndexOf("=?", position, StringComparison.Ordinal);
            if (start < 0) break;
            if (!TryReadWord(value, start, out var decoded, out var end))
            {
                text.Append(value, position, start + 2 - position);
                position = start + 2;
                afterWord = false;
                continue;
            }

            // §6.2: white space between two encoded words is not part of the text.
            var between = value.AsSpan(position, start - position);
            if (!afterWord || !between.IsWhiteSpace()) text.Append(between);
            text.Append(decoded);
            position = end;
            afterWord = true;
        }

        return text.Append(value, position, value.Length - position).ToString();
    }

    private static bool TryReadWord(string value, int start, out string decoded, out int end)
    {
        decoded = "";
        end = start;
        var charsetEnd = value.IndexOf('?', start + 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= value.Length || value[charsetEnd + 2] != '?') return false;
        var close = value.IndexOf("?=", charsetEnd + 3, StringComparison.Ordinal);
        if (close < 0) return false;

        var payload = value.AsSpan(charsetEnd + 3, close - charsetEnd - 3);
        if (payload.IndexOfAny(' ', '\t') >= 0) return false;

        // RFC 2231 §5: the charset may carry a language after '*'.
        var charset = value[(start + 2)..charsetEnd];
        var star = charset.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0) charset = charset[..star];

        if (DecodePayload(value[charsetEnd + 1], payload) is not { } bytes || EncodingOf(charset) is not { } encoding) return false;
        decoded = encoding.GetString(bytes);
        end = close + 2;
        return true;
    }

    private static byte[]? DecodePayload(char scheme, ReadOnlySpan<char> payload)
    {
        if (scheme is 'B' or 'b')
        {
            var bytes = new byte[payload.Length];
            return Convert.TryFromBase64Chars(payload, bytes, out var written) ? bytes[..written] : null;
        }

        return scheme is 'Q' or 'q' ? DecodeQ(payload) : null;
    }

    private static byte[] DecodeQ(ReadOnlySpan<char> payload)
    {
        var bytes = new List<byte>(payload.Length);
        for (var i = 0; i < payload.Length; i++)
        {
            if (payload[i] == '_')
            {
                bytes.Add((byte)' ');
            }
            else if (payload[i] == '=' && i + 2 < payload.Length &&
                     byte.TryParse(payload.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                bytes.Add(octet);
                i += 2;
            }
            else
            {
                bytes.Add(payload[i] < 0x80 ? (byte)payload[i] : (byte)'?');
            }
        }

        return [.. bytes];
    }

    // Only what .NET knows without a code page package; a word in another charset stays encoded, which is readable enough.
    private static Encoding? EncodingOf(string charset) => charset.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => Encoding.UTF8,
        "us-ascii" or "ascii" => Encoding.ASCII,
        "iso-8859-1" or "latin1" or "windows-1252" or "iso-8859-15" => Encoding.Latin1,
        _ => null,
    };
}
