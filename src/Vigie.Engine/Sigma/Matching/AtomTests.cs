using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>A test that is made when a rule asks for it, once an event; what the literal search does not answer.</summary>
internal abstract class AtomTest
{
    /// <summary>Whether the event passes.</summary>
    public abstract bool Holds(RuleMatcher matcher, EventRecord record);
}

/// <summary>One value of a field is enough; that of a container is its text in the log.</summary>
internal sealed class FieldAtom(int slot, ValueCheck check) : AtomTest
{
    public override bool Holds(RuleMatcher matcher, EventRecord record)
    {
        for (var field = record.First(slot); field >= 0; field = record.Next(field))
        {
            if (record.Kind(field) != FieldKind.Null && check.Passes(matcher, record, field)) return true;
        }

        return false;
    }
}

/// <summary>A keyword: one value of the whole event is enough.</summary>
internal sealed class KeywordAtom(ValueCheck check) : AtomTest
{
    public override bool Holds(RuleMatcher matcher, EventRecord record)
    {
        for (var field = 0; field < record.Count; field++)
        {
            if (ValueCheck.IsValue(record.Kind(field)) && check.Passes(matcher, record, field)) return true;
        }

        return false;
    }
}

/// <summary>A test of one value.</summary>
internal abstract class ValueCheck
{
    /// <summary>Whether keywords look at it: neither a container, whose values they see, nor the absence of a value.</summary>
    public static bool IsValue(FieldKind kind) => kind is not (FieldKind.Null or FieldKind.Object or FieldKind.Array);

    /// <summary>Whether a value passes.</summary>
    public abstract bool Passes(RuleMatcher matcher, EventRecord record, int field);
}

internal sealed class TextCheck(TextTest test) : ValueCheck
{
    public override bool Passes(RuleMatcher matcher, EventRecord record, int field) =>
        test.Matches(test.IsCased ? record.Value(field) : matcher.Folded(record, field));
}

internal sealed class RegexCheck(RegexSearch search) : ValueCheck
{
    public override bool Passes(RuleMatcher matcher, EventRecord record, int field) => matcher.Finds(search, record, field);
}

internal sealed class CidrCheck(ValueTest.Cidr network) : ValueCheck
{
    public override bool Passes(RuleMatcher matcher, EventRecord record, int field) => FieldAddress.IsIn(record.Value(field), network);
}

internal sealed class NumberCheck(ValueTest.Number test) : ValueCheck
{
    public override bool Passes(RuleMatcher matcher, EventRecord record, int field) =>
        FieldNumber.TryParse(record.Value(field), out var number) && FieldNumber.Holds(number, test.Comparison, test.Value);
}

internal sealed class DateCheck(ValueTest.Date test) : ValueCheck
{
    public override bool Passes(RuleMatcher matcher, EventRecord record, int field) =>
        FieldDate.TryPart(record.Value(field), test.Part, out var part) && FieldNumber.Holds(part, test.Comparison, test.Value);
}

internal sealed class ReferenceCheck(int other, ReferenceMatch match, bool cased) : ValueCheck
{
    public override bool Passes(RuleMatcher matcher, EventRecord record, int field)
    {
        for (var against = record.First(other); against >= 0; against = record.Next(against))
        {
            if (record.Kind(against) == FieldKind.Null) continue;
            if (cased ? Compare(record.Value(field), record.Value(against)) : CompareFolded(matcher, record, field, against)) return true;
        }

        return false;
    }

    // The first call may move what the second one decodes next to it, so both are made known before either is used.
    private bool CompareFolded(RuleMatcher matcher, EventRecord record, int field, int against)
    {
        matcher.Folded(record, against);
        matcher.Folded(record, field);
        return Compare(matcher.Folded(record, field), matcher.Folded(record, against));
    }

    private bool Compare(ReadOnlySpan<byte> value, ReadOnlySpan<byte> other) => match switch
    {
        ReferenceMatch.Equals => value.SequenceEqual(other),
        ReferenceMatch.StartsWith => value.StartsWith(other),
        ReferenceMatch.EndsWith => value.EndsWith(other),
        _ => value.IndexOf(other) >= 0,
    };
}

/// <summary>The field is missing or has no value: the test that a missing field passes. A container is a value.</summary>
internal sealed class NullAtom(int slot) : AtomTest
{
    public override bool Holds(RuleMatcher matcher, EventRecord record)
    {
        if (record.First(slot) < 0) return true;
        for (var field = record.First(slot); field >= 0; field = record.Next(field))
        {
            if (record.Kind(field) == FieldKind.Null) return true;
        }

        return false;
    }
}

internal sealed class ExistsAtom(int slot, bool expected) : AtomTest
{
    public override bool Holds(RuleMatcher matcher, EventRecord record) => record.First(slot) >= 0 == expected;
}
