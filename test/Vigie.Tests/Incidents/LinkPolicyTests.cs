using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

/// <summary>What the weights must mean, whatever their numbers: hubs join nothing, days pass, and what says more lasts longer.</summary>
public sealed class LinkPolicyTests
{
    private static readonly LinkPolicy Policy = new();
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_kind_links_while_it_is_rare_and_none_once_it_is_a_hub()
    {
        foreach (var (kind, weight) in Policy.Kinds)
        {
            Assert.NotNull(Policy.Window(new LinkKey(kind, "x"), weight.Usual));
            Assert.Null(Policy.Window(new LinkKey(kind, "x"), Policy.HubDegree));
        }
    }

    [Fact]
    public void A_window_only_shrinks_as_others_share_the_key()
    {
        foreach (var kind in Policy.Kinds.Keys)
        {
            var windows = Enumerable.Range(0, Policy.HubDegree).Select(degree => Policy.Window(new LinkKey(kind, "x"), degree)?.Ticks ?? -1).ToList();
            Assert.Equal(windows.OrderDescending(), windows);
        }
    }

    [Theory]
    [InlineData(EntityKinds.Host)]
    [InlineData(LinkKinds.Account)]
    [InlineData(LinkKinds.AccountOnHost)]
    [InlineData(EntityKinds.Process)]
    [InlineData(EntityKinds.Logon)]
    [InlineData(EntityKinds.Ip)]
    public void What_people_work_with_every_day_does_not_join_one_day_to_the_next(string kind) =>
        Assert.True(Policy.Window(new LinkKey(kind, "x"), 0) < TimeSpan.FromHours(20));

    [Fact]
    public void The_guide_has_the_weights_as_they_are()
    {
        (string Shared, string[] Kinds)[] rows =
        [
            ("process", [EntityKinds.Process]), ("mail queue id", [EntityKinds.QueueId]), ("logon session", [EntityKinds.Logon]), ("domain that imitates a guarded name", [LinkKinds.Lookalike]),
            ("registered domain, web address", [EntityKinds.Domain, EntityKinds.Url]), ("account on a host", [LinkKinds.AccountOnHost]), ("file with an account", [LinkKinds.FileOfAccount]),
            ("address", [EntityKinds.Ip]), ("mailbox, cloud resource", [EntityKinds.Mailbox, EntityKinds.Resource]), ("host", [EntityKinds.Host]), ("account", [EntityKinds.User, LinkKinds.Account]),
            ("two imitations of one guarded name", [LinkKinds.Imitates]), ("file alone", [EntityKinds.FileHash]),
        ];
        Assert.Equal(Policy.Kinds.Keys.Order(StringComparer.Ordinal), rows.SelectMany(row => row.Kinds).Order(StringComparer.Ordinal));
        var guide = Architecture.Repository.Read("docs", "incidents.md");
        Architecture.Breaches.None(rows.SelectMany(row => row.Kinds.Select(kind => Row(row.Shared, kind))).Where(line => !guide.Contains(line, StringComparison.Ordinal)));
        Assert.Contains($"with {Policy.HubDegree} a key joins nothing", guide, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"from {LinkPolicy.Threshold} on it joins"), guide, StringComparison.Ordinal);

        static string Row(string shared, string kind) => FormattableString.Invariant(
            $"\n| {shared} | {Policy.Kinds[kind].Weight:0.0} | {Told(Policy.Kinds[kind].HalfLife)} | {Policy.Kinds[kind].Usual} | {Told(Policy.Window(new LinkKey(kind, "x"), 0)!.Value)} |\n");

        static string Told(TimeSpan span) => span.TotalDays < 1 ? FormattableString.Invariant($"{span.TotalHours:0} h") : FormattableString.Invariant($"{span.TotalDays:0.#} d");
    }

    [Fact]
    public void A_file_joins_whom_it_was_sent_to_and_where_it_ran_but_not_all_who_have_it()
    {
        const string file = "file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc";
        var surroundings = new LinkSurroundings { OwnDomains = ["minfin.example.net"] };
        var sent = Enumerable.Range(0, 9).Select(i => At(Noon.AddSeconds(i), $"mailbox:u{i}@minfin.example.net", file)).ToArray();
        var ran = At(Noon.AddHours(20), "host:pc7", @"user:minfin\u7", file);
        Assert.Single(Groups(surroundings, [At(Noon, "mailbox:awa@minfin.example.net", file), At(Noon.AddHours(3), "host:pc1", @"user:minfin\awa", file)]));
        Assert.Equal(9, Groups(surroundings, [.. sent, ran]).Count);
    }

    [Fact]
    public void A_domain_controller_does_not_join_those_who_log_on_there()
    {
        var people = Enumerable.Range(0, 30).Select(i => At(Noon.AddMinutes(i), "host:dc1", $@"user:corp\u{i}", $"ip:10.0.0.{i + 1}")).ToArray();
        Assert.Equal(30, Groups(people).Count);
    }

    [Fact]
    public void One_account_going_from_machine_to_machine_is_one_incident()
    {
        var path = Enumerable.Range(0, 5).Select(i => At(Noon.AddMinutes(10 * i), $"host:pc{i}", $"host:pc{i + 1}", @"user:corp\mallory")).ToArray();
        Assert.Single(Groups(path));
    }

    [Fact]
    public void A_machine_that_reaches_out_to_many_is_no_hub()
    {
        var scan = Enumerable.Range(0, 40).Select(i => At(Noon.AddMinutes(i), "host:pc7", $"host:srv{i}", $"ip:10.0.1.{i + 1}")).ToArray();
        Assert.Single(Groups(scan));
    }

    [Fact]
    public void Mails_to_many_from_one_lookalike_stay_together_and_from_a_mail_provider_do_not()
    {
        var surroundings = new LinkSurroundings { Imitated = domain => domain == "army.ml" ? "army.mil" : null };
        Assert.Single(Groups(surroundings, [.. Enumerable.Range(0, 10).Select(i => At(Noon.AddHours(i), $"mailbox:a{i}@army.ml", $"mailbox:u{i}@corp.example.net"))]));
        Assert.Equal(10, Groups(surroundings, [.. Enumerable.Range(0, 10).Select(i => At(Noon.AddHours(i), $"mailbox:a{i}@gmail.com", $"mailbox:u{i}@rebound{i}.org"))]).Count);
    }

    [Fact]
    public void Two_lookalikes_of_one_name_registered_the_same_day_belong_together_and_a_brand_everybody_imitates_does_not_join()
    {
        var surroundings = new LinkSurroundings { Imitated = domain => domain.StartsWith("army", StringComparison.Ordinal) && domain != "army.mil" ? "army.mil" : null };
        Assert.Single(Groups(surroundings, [Registered(0), Registered(1)]));
        Assert.Equal(20, Groups(surroundings, [.. Enumerable.Range(0, 20).Select(Registered)]).Count);

        static Finding Registered(int number) => At(Noon.AddMinutes(number), $"domain:army{number}.ml", "domain:army.mil", $"domain:mx.army{number}.ml", "domain:aspmx.l.google.com");
    }

    [Fact]
    public void A_refused_mail_a_registration_and_a_query_for_one_lookalike_are_one_incident()
    {
        var surroundings = new LinkSurroundings { OwnDomains = ["minfin.example.net"], Imitated = domain => domain == "army.ml" ? "army.mil" : null };
        Assert.Single(Groups(surroundings,
        [
            At(Noon, "mailbox:j@army.ml", "domain:army.ml", "domain:army.mil", "mailbox:awa@minfin.example.net", "user:awa"),
            At(Noon.AddHours(9), "domain:army.ml", "domain:army.mil", "domain:mx.army.ml"),
            At(Noon.AddHours(20), "host:pc7", "domain:login.army.ml", @"user:minfin\fatou"),
        ]));
    }

    [Fact]
    public void What_one_mail_gateway_writes_down_is_not_one_incident()
    {
        var surroundings = new LinkSurroundings { OwnDomains = ["minfin.example.net"], Imitated = static domain => domain.EndsWith(".ml", StringComparison.Ordinal) ? domain.Replace(".ml", ".mil", StringComparison.Ordinal) : null };
        var slips = Enumerable.Range(0, 12).Select(i => At(Noon.AddMinutes(i), $"mailbox:j@unit{i}.ml", $"domain:unit{i}.ml", $"domain:unit{i}.mil", $"mailbox:u{i}@minfin.example.net", $"queue-id:4F{i}")).ToArray();
        Assert.Equal(12, Groups(surroundings, slips).Count);
    }

    private static List<long> Groups(params Finding[] findings) => Groups(new LinkSurroundings(), findings);

    private static List<long> Groups(LinkSurroundings surroundings, Finding[] findings)
    {
        var graph = new IncidentGraph(Policy);
        foreach (var finding in findings) graph.Place(LinkKeys.ForGraph(finding, surroundings));
        graph.Reweigh();
        return [.. graph.Groups];
    }

    private static Finding At(DateTimeOffset time, params string[] entities) =>
        LinkKeysTests.Finding([.. entities.Select(LinkKeysTests.Entity)]) with { FirstSeen = time, LastSeen = time };
}
