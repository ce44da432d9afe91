using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Registration;
using Status = Vigie.Watches.Domains.Registration.Registration;

namespace Vigie.Tests.Watches.Domains.Registration;

public sealed class ChangeDetectorTests
{
    private const int GoneAfter = 3;
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly Observation Absent = new("army.ml", Status.Absent);
    private static readonly Observation Unknown = new("army.ml", Status.Unknown) { Failure = DnsFailure.ServerFailure };
    private static readonly Observation Parked = new("army.ml", Status.Registered) { Mail = MailPath.None };
    private static readonly Observation WithMail = new("army.ml", Status.Registered) { Mail = MailPath.Exchange, Exchanges = ["mx.test"] };
    private static readonly Observation MailUnknown = new("army.ml", Status.Registered);

    [Fact]
    public void A_new_registration_is_reported_once() =>
        Assert.Equal([null, WatchChangeKind.Registered, null, null], Changes(Absent, Parked, Parked, Parked));

    [Fact]
    public void What_is_registered_at_the_first_look_is_reported_too() =>
        Assert.Equal([WatchChangeKind.Registered, null], Changes(WithMail, WithMail));

    [Fact]
    public void Mail_that_appears_changes_or_goes_is_reported() => Assert.Equal(
        [WatchChangeKind.Registered, WatchChangeKind.MailAppeared, WatchChangeKind.MailChanged, null, WatchChangeKind.MailWithdrawn, WatchChangeKind.MailAppeared],
        Changes(Parked, WithMail, WithMail with { Exchanges = ["other.test", "mx.test"] }, WithMail with { Exchanges = ["mx.test", "other.test"] }, Parked with { Mail = MailPath.NullMx }, WithMail));

    [Fact]
    public void An_address_that_comes_or_goes_is_no_news_of_mail() =>
        Assert.Equal([WatchChangeKind.Registered, null, null], Changes(Parked, Parked with { Mail = MailPath.Address }, Parked));

    [Fact]
    public void A_domain_is_gone_after_several_absences_in_a_row_and_can_come_back() => Assert.Equal(
        [WatchChangeKind.Registered, null, null, WatchChangeKind.Gone, null, WatchChangeKind.Registered],
        Changes(Parked, Absent, Absent, Absent, Absent, WithMail));

    [Fact]
    public void One_presence_starts_the_count_of_absences_again() =>
        Assert.Equal([WatchChangeKind.Registered, null, null, null, null, null], Changes(Parked, Absent, Absent, Parked, Absent, Absent));

    [Fact]
    public void The_unknown_changes_nothing_and_does_not_break_a_row_of_absences()
    {
        Assert.Equal([WatchChangeKind.Registered, null, null, null, null, WatchChangeKind.Gone], Changes(Parked, Absent, Unknown, Absent, Unknown, Absent));
        Assert.Equal([null, null, null, null], Changes(Unknown, Unknown, Unknown, Absent));
    }

    [Fact]
    public void Unknown_mail_leaves_what_was_known()
    {
        Assert.Equal([WatchChangeKind.Registered, null, null], Changes(WithMail, MailUnknown, WithMail));
        Assert.Equal([WatchChangeKind.Registered, WatchChangeKind.MailAppeared], Changes(MailUnknown, WithMail));
    }

    [Fact]
    public void Whatever_is_unknown_in_between_the_reported_changes_are_the_same()
    {
        Observation[] all = [Absent, Parked, WithMail, WithMail with { Exchanges = ["other.test"] }];
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var known = Enumerable.Range(0, 40).Select(_ => all[random.Next(all.Length)]).ToArray();
            var mixed = known.SelectMany(o => Enumerable.Repeat(Unknown, random.Next(3)).Append(o)).ToArray();
            Assert.True(
                Changes(known).Where(c => c is not null).SequenceEqual(Changes(mixed).Where(c => c is not null)),
                $"seed {seed}");
        }
    }

    [Fact]
    public void Every_change_of_a_domain_has_an_identity_of_its_own()
    {
        var name = new WatchedName("army.ml", "army.mil", "TldTypo", 1e-3, 0.9, new("It ends otherwise.", "Il finit autrement."));
        Observation[] looks = [Parked, WithMail, Parked, WithMail, Absent, Absent, Absent, Parked];
        var ids = new List<string>();
        WatchState? state = null;
        foreach (var look in looks)
        {
            (state, var change) = ChangeDetector.Apply(state, look, Start, GoneAfter);
            if (change is not null) ids.Add(DomainFindings.Of(name, change).Id.Value);
        }

        Assert.Equal(6, ids.Count);
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    private static WatchChangeKind?[] Changes(params Observation[] looks)
    {
        WatchState? state = null;
        var changes = new List<WatchChangeKind?>();
        foreach (var look in looks)
        {
            (state, var change) = ChangeDetector.Apply(state, look, Start.AddHours(changes.Count), GoneAfter);
            changes.Add(change?.Kind);
        }

        return [.. changes];
    }
}
