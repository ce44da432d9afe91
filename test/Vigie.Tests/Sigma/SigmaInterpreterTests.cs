using Vigie.Engine.Events;
using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

public sealed class SigmaInterpreterTests
{
    private static readonly EventClass Processes = EventClass.Of(["windows"], ["sysmon"], ["process_creation"]);

    private static readonly SigmaRule Rule = SigmaReader.Read("""
        title: A rule
        logsource:
            category: process_creation
            product: windows
        detection:
            selection:
                Image|endswith:
                    - '\a.exe'
                    - '\b.exe'
                User: 'root'
            filter:
                Parent: null
            words:
                - 'needle'
            condition:
                - selection and not filter
                - words
        """, "rule.yml").Rules.Single();

    [Fact]
    public void Every_term_is_explained_with_its_truth_and_values()
    {
        var explained = SigmaInterpreter.Evaluate(Rule, Event(("Image", @"C:\B.EXE"), ("User", "amina"), ("Parent", "x")));
        Assert.True(explained.SourceApplies);
        Assert.False(explained.Matches);
        var and = explained.Conditions[0];
        Assert.False(and.Holds);
        Assert.Equal("1 of 2 hold", and.Why.English);
        var selection = and.Parts[0];
        Assert.Equal("selection", Assert.IsType<Term.Named>(selection.Term).Name);
        var image = selection.Parts[0].Parts[0];
        Assert.True(image.Holds);
        Assert.Equal([false, true], image.Parts.Select(p => p.Holds));
        Assert.Equal(@"C:\B.EXE", Assert.Single(image.Parts[1].Values).Value);
        Assert.Equal(9, ((Term.Field)image.Parts[1].Term).Line);
        var user = selection.Parts[0].Parts[1];
        Assert.False(user.Holds);
        Assert.Equal("amina", Assert.Single(user.Values).Value);
        Assert.True(and.Parts[1].Holds);
    }

    [Fact]
    public void A_missing_field_is_named()
    {
        var explained = SigmaInterpreter.Evaluate(Rule, Event(("User", "root")));
        var image = explained.Conditions[0].Parts[0].Parts[0].Parts[0].Parts[0];
        Assert.Empty(image.Values);
        Assert.Contains("'Image'", image.Why.English, StringComparison.Ordinal);
        Assert.Contains("« Image »", image.Why.French, StringComparison.Ordinal);
    }

    [Fact]
    public void A_keyword_says_where_it_was_found()
    {
        var explained = SigmaInterpreter.Evaluate(Rule, Event(("A", "hay"), ("B", "a NEEDLE")));
        Assert.True(explained.Matches);
        Assert.Equal("B", Assert.Single(explained.Conditions[1].Parts[0].Values).Name);
    }

    [Fact]
    public void An_event_of_another_source_matches_nothing_and_is_explained_all_the_same()
    {
        var written = Event(("A", "needle")) with { Class = EventClass.Of(["linux"], [], ["process_creation"]) };
        var explained = SigmaInterpreter.Evaluate(Rule, written);
        Assert.False(explained.SourceApplies);
        Assert.False(explained.Matches);
        Assert.True(explained.Conditions[1].Holds);
    }

    private static CapturedEvent Event(params (string Name, string Value)[] fields) =>
        new(null, Processes, [.. fields.Select(f => new CapturedField(f.Name, FieldKind.String, f.Value))]);
}
