using System.Buffers;

namespace Vigie.Watches.Mail.Queue;

/// <summary>
/// Postfix queue ids, short (microseconds and inode in upper-case hex) and long (<c>enable_long_queue_ids</c>: base 52
/// without vowels, a <c>z</c> before the inode). Stricter than Postfix itself, because an id becomes an argument of a
/// program that runs as root: <c>ALL</c>, <c>-</c> and anything with a slash or a dot are not ids.
/// </summary>
public static class QueueIds
{
    /// <summary>Longer than any id Postfix makes.</summary>
    public const int MaxLength = 24;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789ABCDEF");
    private static readonly SearchValues<char> Base52 = SearchValues.Create("0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz");

    public static bool IsValid(ReadOnlySpan<char> id) => id.Length switch
    {
        < 6 or > MaxLength => false,
        _ when !id.ContainsAnyExcept(Hexadecimal) => true,
        >= 12 => id.Contains('z') && !id.ContainsAnyExcept(Base52),
        _ => false,
    };
}
