using System.Diagnostics;

namespace Vigie.Store;

/// <summary>
/// How much is written at once by those who have much to write: as much as keeps the writer for about ten milliseconds, long enough to be
/// worth a commit and short enough that mail never waits, whatever the machine and its disk.
/// </summary>
/// <param name="least">The fewest.</param>
/// <param name="first">How many to begin with.</param>
/// <param name="most">The most.</param>
internal sealed class WritePace(int least, int first, int most)
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(8);

    /// <summary>Of those who save findings.</summary>
    public static WritePace ForFindings() => new(least: 32, first: 64, most: 1000);

    /// <summary>How many to write next.</summary>
    public int Count { get; private set; } = first;

    /// <summary>Runs what writes so many, within the transaction, and learns from how long it takes.</summary>
    public T Run<T>(int count, Func<T> write)
    {
        var started = Stopwatch.GetTimestamp();
        var result = write();
        Took(count, Stopwatch.GetElapsedTime(started));
        return result;
    }

    /// <summary>Told how long the writer took for so many.</summary>
    public void Took(int count, TimeSpan took)
    {
        if (took > Long) Count = Math.Max(least, Count * 2 / 3);
        else if (took < Short && count >= Count) Count = Math.Min(most, Count * 5 / 4);
    }
}
