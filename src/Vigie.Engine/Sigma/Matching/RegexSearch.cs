using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// A regular expression that is built when it is first needed: a thousand of them at start-up would cost seconds.
/// Runs in linear time where .NET's non-backtracking engine can express it, else within a time bound.
/// </summary>
internal sealed class RegexSearch(ValueTest.Regex test, RegexTally tally)
{
    private Regex? _regex;
    private bool _broken;

    /// <summary>Whether it finds something.</summary>
    public bool Finds(ReadOnlySpan<char> text)
    {
        if (_broken || (_regex ?? Build()) is not { } regex) return false;
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            tally.TimedOut();
            return false;
        }
    }

    /// <summary>The options that a Sigma test has in .NET.</summary>
    public static RegexOptions OptionsOf(ValueTest.Regex test) =>
        RegexOptions.CultureInvariant
        | (test.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)
        | (test.MultiLine ? RegexOptions.Multiline : RegexOptions.None)
        | (test.SingleLine ? RegexOptions.Singleline : RegexOptions.None);

    // Two threads may build it at once; either result serves. What is no regular expression was reported when the rule was read.
    private Regex? Build()
    {
        try
        {
            return _regex = new Regex(test.Pattern, OptionsOf(test) | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return _regex = new Regex(test.Pattern, OptionsOf(test), tally.Bound);
        }
        catch (ArgumentException)
        {
            _broken = true;
            return null;
        }
    }
}

/// <summary>How long searches may take, and how many took longer.</summary>
internal sealed class RegexTally(TimeSpan bound)
{
    private long _timeouts;

    public TimeSpan Bound => bound;

    public long Timeouts => Interlocked.Read(ref _timeouts);

    public void TimedOut() => Interlocked.Increment(ref _timeouts);
}
