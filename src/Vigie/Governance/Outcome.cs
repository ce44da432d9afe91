using Vigie.Engine;

namespace Vigie.Governance;

/// <summary>What came of something a person asked for: a value, or the reason why not in words for that person.</summary>
/// <param name="Value">The result; default where <paramref name="Problem"/> is set.</param>
/// <param name="Problem">Why it was not done; null where it was.</param>
public readonly record struct Outcome<T>(T? Value, Bilingual? Problem)
{
    public static Outcome<T> Done(T value) => new(value, null);

    public static Outcome<T> Refused(Bilingual problem) => new(default, problem);
}
