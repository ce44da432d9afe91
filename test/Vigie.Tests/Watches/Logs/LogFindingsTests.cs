using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Formats;
using Vigie.Tests.Commands.Logs;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Reading;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Tests.Watches.Logs;

public sealed class LogFindingsTests : IDisposable
{
    private readonly LogCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void A_finding_has_the_title_of_its_rule_in_both_languages_and_the_id_it_has_without()
    {
        var english = Find();
        Assert.Equal(english.Title.English, english.Title.French);
        var file = _case.Combine("rules", "whoami.yml");
        _case.Write("rules/whoami.yml", "title_fr: Quelqu’un demande qui il est\nfalsepositives: [Drills]\nfalsepositives_fr: [Exercices]\n" + File.ReadAllText(file));
        var both = Find();
        Assert.Equal(("Somebody asks who he is", "Quelqu’un demande qui il est"), (both.Title.English, both.Title.French));
        Assert.Contains("la règle « Quelqu’un demande qui il est »", both.Explanation.French, StringComparison.Ordinal);
        Assert.Contains("Somebody asks who he is", both.Explanation.English, StringComparison.Ordinal);
        Assert.EndsWith("Causes anodines connues : Exercices.", both.Explanation.French, StringComparison.Ordinal);
        Assert.EndsWith("Known harmless causes: Drills.", both.Explanation.English, StringComparison.Ordinal);
        Assert.Equal(english.Id, both.Id);
    }

    private Finding Find()
    {
        var rules = RuleLoader.Load(new RuleSelection { Paths = [_case.Rules] }, TestContext.Current.CancellationToken);
        var record = new EventRecord(rules.Set.Fields);
        using var buffer = new EventBuffer(diagnostic => Assert.Fail(diagnostic.Message)) { IsFinal = true };
        Assert.True(buffer.TryAppend(Encoding.UTF8.GetBytes(LogCase.Process("2026-03-12T10:00:00Z", 1, "whoami.exe"))));
        buffer.Reader = LogFormats.Recognize(buffer.Bytes, "a.jsonl")!.Open(new ReadAs().For("a.jsonl", DateTimeOffset.UnixEpoch));
        Assert.True(buffer.Next(record));
        var match = Assert.Single(rules.Set.CreateMatcher().Match(record).ToArray());
        return LogFindings.Of(rules.Rules[match.Rule], match.Condition, record, new LogOrigin("test", "a.jsonl", "content"), DateTimeOffset.UnixEpoch);
    }
}
