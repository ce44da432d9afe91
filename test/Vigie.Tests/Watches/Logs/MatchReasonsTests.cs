using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Watches.Logs;

namespace Vigie.Tests.Watches.Logs;

public sealed class MatchReasonsTests
{
    private static readonly SigmaRule Rule = SigmaReader.Read("""
        title: A rule
        logsource:
            category: process_creation
            product: windows
        detection:
            selection:
                EventID: 1
                Image|endswith:
                    - '\cmd.exe'
                    - '\powershell.exe'
                CommandLine|contains|all:
                    - ' -nop'
                    - '-enc '
                User|re: 'OPS.[a-z]+$'
            filter:
                ParentImage|endswith: '\agent.exe'
            condition: selection and not filter
        """, "rule.yml").Rules.Single();

    [Fact]
    public void A_reason_has_the_passages_that_were_asked_for_as_the_event_has_them()
    {
        var reasons = MatchReasons.Of(Rule, 0, Event(("EventID", "1"), ("Image", @"C:\Windows\PowerShell.EXE"), ("CommandLine", "powershell -NoP -w hidden -Enc AAAA"), ("User", @"corp OPS\awa"), ("ParentImage", @"C:\w3wp.exe"), ("Computer", "ws-1")));

        Assert.Equal(["EventID", "Image", "CommandLine", "User"], reasons.Select(reason => reason.Field));
        Assert.Equal(["", @"\PowerShell.EXE", " -NoP|-Enc ", @"OPS\awa"], reasons.Select(reason => string.Join('|', reason.Passages)));
    }

    [Fact]
    public void Of_several_values_of_a_field_only_those_that_pass_are_reasons()
    {
        var reasons = MatchReasons.Of(Rule, 0, Event(("EventID", "1"), ("Image", @"C:\a.exe"), ("Image", @"C:\cmd.exe"), ("CommandLine", "x -nop -enc y"), ("User", "OPS_awa")));

        Assert.Equal([@"C:\cmd.exe"], reasons.Where(reason => reason.Field == "Image").Select(reason => reason.Value));
    }

    private static CapturedEvent Event(params (string Name, string Value)[] fields) =>
        new(null, EventClass.Of(["windows"], ["sysmon"], ["process_creation"]), [.. fields.Select(field => new CapturedField(field.Name, FieldKind.String, field.Value))]);
}
