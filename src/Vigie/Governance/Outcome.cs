using Vigie.Engine;

namespace Vigie.Governance;

/// <summary>What came of something a person asked for: a value, or the reason why not in words for that person.</summary>
/// <param name="Value">The result; default where <paramref name="Problem"/> is set.</param>
/// <param name="Problem">Why it was not done; null where it was.</param>
public readonly record struct Outcome<T>(T? Value, Bilingual? Problem);

/// <summary>Makes outcomes.</summary>
public static class Outcome
{
    public static Outcome<T> Done<T>(T value) => new(value, null);

    public static Outcome<T> Refused<T>(Bilingual problem) => new(default, problem);
}
