using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Tests.Sigma.Matching;

/// <summary>Rules and events written in a line.</summary>
internal static class Written
{
    public static EventClass ProcessCreation { get; } = EventClass.Of(["windows"], ["sysmon"], ["process_creation"]);

    public static SigmaRule Rule(params Term[] conditions) => Rule(new LogSource(null, null, null), conditions);

    public static SigmaRule Rule(LogSource source, params Term[] conditions) => new()
    {
        Id = Guid.Empty.ToString(),
        Title = "A rule",
        Level = Severity.Medium,
        Source = source,
        Conditions = [.. conditions],
        File = "rule.yml",
        Line = 1,
        Version = "0",
    };

    public static Term Field(string name, string pattern, bool cased = false) => new Term.Field(name, Text(pattern, cased), 1);

    public static Term Field(string name, ValueTest test) => new Term.Field(name, test, 1);

    public static Term Keyword(string pattern) => new Term.Keyword(Text(pattern), 1);

    public static Term All(params Term[] terms) => new Term.And([.. terms]);

    public static Term Any(params Term[] terms) => new Term.Or([.. terms]);

    public static Term Not(Term term) => new Term.Not(term);

    /// <summary><c>*</c> and <c>?</c> are wildcards; there is no escaping.</summary>
    public static ValueTest.Text Text(string pattern, bool cased = false) => new(new TextPattern(Parts(pattern)), cased);

    /// <summary>A record of the set's catalog with these fields; null is a field without a value.</summary>
    public static EventRecord Record(RuleSet set, EventClass events, params (string Name, string? Value)[] fields)
    {
        var record = new EventRecord(set.Fields);
        Fill(record, events, fields);
        return record;
    }

    public static void Fill(EventRecord record, EventClass events, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        record.Begin([], 0);
        record.Class = events;
        foreach (var (name, value) in fields)
            record.AddDerived(name, value is null ? FieldKind.Null : FieldKind.String, Encoding.UTF8.GetBytes(value ?? ""));
    }

    private static ImmutableArray<PatternPart> Parts(string pattern)
    {
        var parts = ImmutableArray.CreateBuilder<PatternPart>();
        var literal = new StringBuilder();
        foreach (var c in pattern)
        {
            if (c is not ('*' or '?'))
            {
                literal.Append(c);
                continue;
            }

            Flush();
            if (c == '?') parts.Add(PatternPart.AnyOne);
            else if (parts.Count == 0 || parts[^1].Kind != PatternPartKind.AnyMany) parts.Add(PatternPart.AnyMany);
        }

        Flush();
        return parts.ToImmutable();

        void Flush()
        {
            if (literal.Length > 0) parts.Add(PatternPart.Of(literal.ToString()));
            literal.Clear();
        }
    }
}
