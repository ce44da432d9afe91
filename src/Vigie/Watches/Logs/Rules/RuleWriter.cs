using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs.Rules;

/// <summary>Writes rules for <see cref="RuleCache"/>; <see cref="RuleReader"/> is its mirror image, line by line.</summary>
internal sealed class RuleWriter(BinaryWriter writer)
{
    public void Write(RuleCache.Entry entry)
    {
        writer.Write(entry.File.Path);
        writer.Write(entry.File.Size);
        writer.Write(entry.File.Written);
        WriteAll(entry.Rules, Write);
        WriteAll(entry.Problems, Write);
    }

    private void Write(SigmaProblem problem)
    {
        writer.Write(problem.File);
        writer.Write(problem.Line);
        writer.Write(problem.Code);
        writer.Write(problem.Message.English);
        writer.Write(problem.Message.French);
        writer.Write(problem.IsError);
    }

    private void Write(SigmaRule rule)
    {
        writer.Write(rule.Id);
        WriteOptional(rule.Name);
        writer.Write(rule.Title);
        WriteOptional(rule.FrenchTitle);
        writer.Write(rule.Description);
        WriteOptional(rule.FrenchDescription);
        writer.Write((byte)rule.Level);
        WriteOptional(rule.Status);
        WriteOptional(rule.Source.Product);
        WriteOptional(rule.Source.Category);
        WriteOptional(rule.Source.Service);
        WriteAll(rule.Tags, writer.Write);
        WriteAll(rule.Techniques, writer.Write);
        writer.Write(rule.Author);
        writer.Write(rule.Date);
        WriteAll(rule.FalsePositives, writer.Write);
        WriteAll(rule.FrenchFalsePositives, writer.Write);
        WriteAll(rule.References, writer.Write);
        WriteAll(rule.Fields, writer.Write);
        WriteAll(rule.Conditions, Write);
        WriteAll(rule.UnusedDetections, writer.Write);
        WriteAll(rule.MissingPlaceholders, writer.Write);
        writer.Write(rule.File);
        writer.Write(rule.Line);
        writer.Write(rule.Version);
    }

    private void Write(Term term)
    {
        switch (term)
        {
            case Term.And and:
                writer.Write((byte)TermCode.And);
                WriteAll(and.Terms, Write);
                break;
            case Term.Or or:
                writer.Write((byte)TermCode.Or);
                WriteAll(or.Terms, Write);
                break;
            case Term.Not not:
                writer.Write((byte)TermCode.Not);
                Write(not.Inner);
                break;
            case Term.Named named:
                writer.Write((byte)TermCode.Named);
                writer.Write(named.Name);
                Write(named.Inner);
                break;
            case Term.Field field:
                writer.Write((byte)TermCode.Field);
                writer.Write(field.Name);
                writer.Write(field.Line);
                Write(field.Test);
                break;
            case Term.Keyword keyword:
                writer.Write((byte)TermCode.Keyword);
                writer.Write(keyword.Line);
                Write(keyword.Test);
                break;
            case Term.Constant constant:
                writer.Write((byte)TermCode.Constant);
                writer.Write(constant.Value);
                writer.Write(constant.Why);
                break;
            default:
                throw new InvalidOperationException($"No form for {term.GetType().Name}.");
        }
    }

    private void Write(ValueTest test)
    {
        switch (test)
        {
            case ValueTest.Text text:
                writer.Write((byte)TestCode.Text);
                writer.Write(text.Cased);
                WriteAll(text.Pattern.Parts, Write);
                break;
            case ValueTest.Regex regex:
                writer.Write((byte)TestCode.Regex);
                writer.Write(regex.Pattern);
                writer.Write(regex.IgnoreCase);
                writer.Write(regex.MultiLine);
                writer.Write(regex.SingleLine);
                break;
            case ValueTest.Cidr cidr:
                writer.Write((byte)TestCode.Cidr);
                writer.Write(cidr.Network.AsSpan());
                writer.Write(cidr.PrefixLength);
                writer.Write(cidr.Written);
                break;
            case ValueTest.Number number:
                writer.Write((byte)TestCode.Number);
                writer.Write((byte)number.Comparison);
                writer.Write(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case ValueTest.FieldReference reference:
                writer.Write((byte)TestCode.FieldReference);
                writer.Write(reference.Other);
                writer.Write((byte)reference.Match);
                writer.Write(reference.Cased);
                break;
            case ValueTest.Date date:
                writer.Write((byte)TestCode.Date);
                writer.Write((byte)date.Part);
                writer.Write((byte)date.Comparison);
                writer.Write(date.Value);
                break;
            case ValueTest.Null:
                writer.Write((byte)TestCode.Null);
                break;
            case ValueTest.Exists exists:
                writer.Write((byte)TestCode.Exists);
                writer.Write(exists.Expected);
                break;
            default:
                throw new InvalidOperationException($"No form for {test.GetType().Name}.");
        }
    }

    private void Write(PatternPart part)
    {
        writer.Write((byte)part.Kind);
        if (part.Kind == PatternPartKind.Literal) writer.Write(part.Literal);
    }

    private void WriteOptional(string? text)
    {
        writer.Write(text is not null);
        if (text is not null) writer.Write(text);
    }

    private void WriteAll<T>(ImmutableArray<T> items, Action<T> write)
    {
        writer.Write(items.Length);
        foreach (var item in items) write(item);
    }
}

/// <summary>How terms are told apart in the cache.</summary>
internal enum TermCode : byte
{
    And,
    Or,
    Not,
    Named,
    Field,
    Keyword,
    Constant,
}

/// <summary>How tests are told apart in the cache.</summary>
internal enum TestCode : byte
{
    Text,
    Regex,
    Cidr,
    Number,
    FieldReference,
    Date,
    Null,
    Exists,
}
