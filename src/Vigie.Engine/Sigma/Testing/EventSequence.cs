using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Testing;

/// <summary>
/// Events in time, as a test case of a correlation writes them: a list of maps of fields. <c>_t</c> is the time in seconds, <c>_repeat</c>
/// how many there are of it, <c>_every</c> how many seconds apart; <c>%n</c> in a value is the number of the repetition, from 1.
/// <c>_source</c> is the log source, <c>product/category/service</c>; without it the event counts as being of each rule's.
/// </summary>
internal static class EventSequence
{
    /// <summary>The most events of one case.</summary>
    public const int MaxEvents = 100_000;

    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The events of a list, or what is wrong with it.</summary>
    public static ImmutableArray<WrittenMoment> Read(SigmaList list, out Bilingual? wrong)
    {
        var events = ImmutableArray.CreateBuilder<WrittenMoment>();
        wrong = null;
        foreach (var item in list.Items)
        {
            if (item is not SigmaMap map) wrong = new Bilingual("an event of a sequence is a map of fields", "un événement d'une suite est une table de champs");
            else if (!TryRead(map, events)) wrong = new Bilingual($"'_t', '_repeat' and '_every' are numbers, of at most {MaxEvents} events", $"« _t », « _repeat » et « _every » sont des nombres, pour {MaxEvents} événements au plus");
        }

        return events.ToImmutable();
    }

    private static bool TryRead(SigmaMap map, ImmutableArray<WrittenMoment>.Builder events)
    {
        if (Number(map["_t"], 0) is not { } at || Number(map["_repeat"], 1) is not { } repeat || Number(map["_every"], 1) is not { } every) return false;
        if (repeat is < 1 or > MaxEvents || events.Count + repeat > MaxEvents || Math.Abs(at) > 1e9 || Math.Abs(every) > 1e4) return false;
        for (var n = 1; n <= repeat; n++)
        {
            var number = n.ToString(CultureInfo.InvariantCulture);
            var fields = new SigmaMap([.. map.Entries.Where(e => e.Name is not ("_t" or "_repeat" or "_every" or "_source")).Select(e => e with { Value = Numbered(e.Value, number) })], map.Line);
            events.Add(new WrittenMoment(Begin.AddSeconds(at + (every * (n - 1))), ClassOf(map["_source"]?.Text), fields));
        }

        return true;
    }

    private static double? Number(SigmaNode? node, double otherwise)
    {
        if (node is null) return otherwise;
        return double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
    }

    private static EventClass? ClassOf(string? source)
    {
        if (source is null) return null;
        var terms = source.Split('/');
        return EventClass.Of(Term(0), Term(2), Term(1));

        string[] Term(int at) => at < terms.Length && terms[at].Length > 0 ? [terms[at]] : [];
    }

    private static SigmaNode Numbered(SigmaNode node, string number) => node switch
    {
        SigmaScalar scalar when scalar.Value.Contains("%n", StringComparison.Ordinal) => new SigmaScalar(scalar.Value.Replace("%n", number, StringComparison.Ordinal), scalar.IsPlain, scalar.Line),
        SigmaList list => new SigmaList([.. list.Items.Select(i => Numbered(i, number))], list.Line),
        SigmaMap map => new SigmaMap([.. map.Entries.Select(e => e with { Value = Numbered(e.Value, number) })], map.Line),
        _ => node,
    };
}

/// <summary>One event of a sequence.</summary>
/// <param name="Time">When.</param>
/// <param name="Class">Its log source; null: that of whatever rule looks at it.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record WrittenMoment(DateTimeOffset Time, EventClass? Class, SigmaMap Fields);
