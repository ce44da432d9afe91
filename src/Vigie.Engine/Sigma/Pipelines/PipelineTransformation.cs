using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>What an item of a pipeline does to a rule.</summary>
internal abstract record PipelineTransformation
{
    public abstract void Apply(PipelineItem item, PipelineRun run);
}

/// <summary>Gives fields other names. Several names for one: the test holds when it holds for one of them.</summary>
internal sealed record RenameFields(Func<string, ImmutableArray<string>?> NamesOf) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run)
    {
        run.Rewrite(item, leaf => leaf is Term.Field field ? Rename(field) : leaf);
        run.Rule = run.Rule with { Fields = [.. run.Rule.Fields.SelectMany(f => IsChosen(item, run, f) ? NamesOf(f) ?? [f] : [f])] };
    }

    private static bool IsChosen(PipelineItem item, PipelineRun run, string field) =>
        item.Values.IsEmpty && item.Fields.Holds(new LeafContext(new Term.Field(field, new ValueTest.Null(), 0), run));

    private Term Rename(Term.Field field)
    {
        var tests = References(field.Test);
        var names = NamesOf(field.Name) ?? [field.Name];
        if (names is [var same] && same == field.Name && tests is [var test] && ReferenceEquals(test, field.Test)) return field;
        ImmutableArray<Term> renamed = [.. names.SelectMany(n => tests.Select(t => (Term)(field with { Name = n, Test = t })))];

        // Of a field that may be called either way, absence means that it is there under no name.
        return field.Test is ValueTest.Null or ValueTest.Exists { Expected: false } ? Terms.AllOf(renamed) : Terms.AnyOf(renamed);
    }

    private ImmutableArray<ValueTest> References(ValueTest test) =>
        test is ValueTest.FieldReference reference && NamesOf(reference.Other) is { } others ? [.. others.Select(o => (ValueTest)(reference with { Other = o }))] : [test];
}

/// <summary>Makes other tests of tests; several hold when one of them does. Null: leave as it is.</summary>
internal sealed record ReplaceTests(Func<ValueTest, ImmutableArray<ValueTest>?> TestsOf) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run) => run.Rewrite(item, leaf => leaf switch
    {
        Term.Field field when TestsOf(field.Test) is { } tests && !IsSame(tests, field.Test) => Terms.AnyOf([.. tests.Select(t => (Term)(field with { Test = t }))]),
        Term.Keyword keyword when TestsOf(keyword.Test) is { } tests && !IsSame(tests, keyword.Test) => Terms.AnyOf([.. tests.Select(t => (Term)(keyword with { Test = t }))]),
        _ => leaf,
    });

    private static bool IsSame(ImmutableArray<ValueTest> tests, ValueTest test) => tests is [var only] && only == test;
}

/// <summary>Takes tests out of the rule, as if they had not been written.</summary>
internal sealed record DropItems : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run) => run.Rewrite(item, _ => null);
}

/// <summary>Adds a condition to each of the rule's.</summary>
internal sealed record AddCondition(Func<LogSource, Term> ConditionFor) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run)
    {
        var added = ConditionFor(run.Rule.Source);
        run.Rule = run.Rule with { Conditions = [.. run.Rule.Conditions.Select(c => (Term)new Term.And([added, c]))] };
    }
}

/// <summary>Gives the rule another log source.</summary>
internal sealed record ChangeLogSource(LogSource Source) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run) => run.Rule = run.Rule with { Source = Source };
}

/// <summary>Changes the list of fields the rule's author would show.</summary>
internal sealed record ChangeShownFields(Func<ImmutableArray<string>, ImmutableArray<string>> Change) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run) => run.Rule = run.Rule with { Fields = Change(run.Rule.Fields) };
}

/// <summary>Remembers something for later conditions.</summary>
internal sealed record SetState(string Key, string Value) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run) => run.State[Key] = Value;
}

/// <summary>Refuses the rule.</summary>
internal sealed record FailRule(string Message) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run) => run.Fail(Message, Message);
}

/// <summary>Refuses the rule if one of its tests is chosen.</summary>
internal sealed record FailItem(string Message) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run)
    {
        if (run.Rule.Conditions.SelectMany(Terms.Within).Any(t => t is Term.Field or Term.Keyword && run.Chooses(item, t))) run.Fail(Message, Message);
    }
}

/// <summary>Several items under one condition.</summary>
internal sealed record Nest(ImmutableArray<PipelineItem> Items) : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run)
    {
        foreach (var inner in Items) run.Run(inner);
    }
}

/// <summary>Gives placeholders values: done where rules are read, nothing is left to do here.</summary>
internal sealed record GivePlaceholders : PipelineTransformation
{
    public override void Apply(PipelineItem item, PipelineRun run)
    {
    }
}
