using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Vigie.Store;

/// <summary>One page of a list that is ordered newest first.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">Where the next page starts; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, Cursor? Next);

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>Cuts a page out of rows of which one more than <paramref name="limit"/> was asked for.</summary>
    public static Page<T> Cut<T>(IReadOnlyList<T> rows, int limit, Func<T, Cursor> cursorOf)
    {
        if (rows.Count <= limit) return new Page<T>(rows, null);
        T[] items = [.. rows.Take(limit)];
        return new Page<T>(items, cursorOf(items[^1]));
    }
}

/// <summary>
/// A place in a list ordered by time and id, both descending: pages stay put while rows are added at the front.
/// </summary>
/// <param name="Time">Unix milliseconds UTC of the last row shown.</param>
/// <param name="Id">Its id, which orders rows of the same millisecond.</param>
public readonly record struct Cursor(long Time, string Id)
{
    private const int MaxLength = 400;

    /// <summary>The form for a query string; opaque to its reader.</summary>
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Time}:{Id}")));

    /// <summary>Reads what <see cref="ToString"/> wrote; false on anything else, of any length.</summary>
    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || !Base64Url.IsValid(text)) return false;

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var colon = plain.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !long.TryParse(plain.AsSpan(0, colon), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time))
            return false;

        cursor = new Cursor(time, plain[(colon + 1)..]);
        return true;
    }
}
