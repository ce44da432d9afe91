using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>A regular expression that is built when it is first needed: hundreds of them at start-up would cost seconds.</summary>
internal sealed class RegexSearch(ValueTest.Regex test, RegexTally tally, TimeSpan? limit = null)
{
    // After so many searches that ran into the limit the expression is given up: one rule must not stop all others.
    private const int MostTimeouts = 10;

    private Regex? _regex;
    private int _timeouts;
    private bool _isBroken;

    /// <summary>A number no other search of the process has.</summary>
    public int Id { get; } = ValueMemory.NewSearch();

    /// <summary>Whether it finds something; false when that takes longer than <see cref="SigmaRegex.Limit"/>.</summary>
    public bool Finds(ReadOnlySpan<char> text)
    {
        if (_isBroken || (_regex ?? Build()) is not { } regex) return false;
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            tally.TimedOut();
            if (Interlocked.Increment(ref _timeouts) >= MostTimeouts) _isBroken = true;
            return false;
        }
    }

    // Two threads may build it at once; either result serves. What is no regular expression was reported when the rule was read.
    private Regex? Build()
    {
        try
        {
            return _regex = SigmaRegex.Create(test, limit);
        }
        catch (ArgumentException)
        {
            _isBroken = true;
            return null;
        }
    }
}

/// <summary>How many searches took too long.</summary>
internal sealed class RegexTally
{
    private long _timeouts;

    public long Timeouts => Interlocked.Read(ref _timeouts);

    public void TimedOut() => Interlocked.Increment(ref _timeouts);
}
