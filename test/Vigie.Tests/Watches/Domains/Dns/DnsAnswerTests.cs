using System.Net;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

public sealed class DnsAnswerTests
{
    private static readonly DnsName Name = DnsName.Parse("army.ml");
    private static readonly DnsQuestion Question = new(Name, RecordType.A);
    private static readonly DnsMessage Empty = new() { Id = 1, IsResponse = true, RecursionAvailable = true, Questions = [Question] };
    private static readonly StartOfAuthorityRecord Soa = new(DnsName.Parse("ml"), 900, DnsName.Parse("ns.ml"), DnsName.Parse("h.ml"), 1, 2, 3, 4, 600);

    [Fact]
    public void No_such_name_is_not_the_same_as_no_record_of_the_type()
    {
        Assert.Equal(DnsOutcome.NoSuchName, DnsAnswer.Read(Empty with { Code = ResponseCode.NameError, Authority = [Soa] }, Question).Outcome);
        Assert.Equal(DnsOutcome.NoData, DnsAnswer.Read(Empty with { Authority = [Soa] }, Question).Outcome);
    }

    [Theory]
    [InlineData(2, DnsFailure.ServerFailure)]
    [InlineData(5, DnsFailure.Refused)]
    [InlineData(1, DnsFailure.OtherCode)]
    [InlineData(9, DnsFailure.OtherCode)]
    [InlineData(16, DnsFailure.OtherCode)]
    public void Every_other_code_is_unknown_even_with_records(int code, object expected)
    {
        var message = Empty with { Code = (ResponseCode)code, Answers = [Address(Name)] };
        var answer = DnsAnswer.Read(message, Question);
        Assert.Equal((DnsOutcome.Unknown, (DnsFailure?)expected), (answer.Outcome, answer.Failure));
        Assert.Empty(answer.Records);
    }

    [Fact]
    public void A_referral_says_nothing()
    {
        var answer = DnsAnswer.Read(Empty with { Authority = [new NameServerRecord(DnsName.Parse("ml"), 60, DnsName.Parse("ns.ml"))] }, Question);
        Assert.Equal((DnsOutcome.Unknown, (DnsFailure?)DnsFailure.Referral), (answer.Outcome, answer.Failure));
    }

    [Fact]
    public void A_denial_that_carries_the_denied_record_says_nothing()
    {
        var answer = DnsAnswer.Read(Empty with { Code = ResponseCode.NameError, Answers = [Address(Name)], Authority = [Soa] }, Question);
        Assert.Equal((DnsOutcome.Unknown, (DnsFailure?)DnsFailure.Malformed), (answer.Outcome, answer.Failure));
    }

    [Fact]
    public void An_alias_is_followed_and_records_of_other_names_are_not_taken()
    {
        var target = DnsName.Parse("host.test");
        var answer = DnsAnswer.Read(Empty with { Answers = [Address(DnsName.Parse("evil.test"), "192.0.2.66"), new AliasRecord(Name, 60, target), Address(target)] }, Question);
        Assert.Equal(DnsOutcome.Found, answer.Outcome);
        Assert.True(answer.ViaAlias);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.IsType<AddressRecord>(Assert.Single(answer.Records)).Address);
    }

    [Fact]
    public void An_alias_exists_although_its_target_does_not()
    {
        var answer = DnsAnswer.Read(Empty with { Code = ResponseCode.NameError, Answers = [new AliasRecord(Name, 60, DnsName.Parse("gone.test"))], Authority = [Soa] }, Question);
        Assert.Equal(DnsOutcome.NoData, answer.Outcome);
        Assert.True(answer.ViaAlias);
    }

    [Fact]
    public void A_loop_of_aliases_is_unknown()
    {
        var other = DnsName.Parse("b.test");
        var answer = DnsAnswer.Read(Empty with { Answers = [new AliasRecord(Name, 60, other), new AliasRecord(other, 60, Name)] }, Question);
        Assert.Equal((DnsOutcome.Unknown, (DnsFailure?)DnsFailure.Malformed), (answer.Outcome, answer.Failure));
    }

    [Fact]
    public void Duplicate_records_count_once()
    {
        var answer = DnsAnswer.Read(Empty with { Answers = [Address(Name), Address(Name) with { TimeToLive = 30 }, Address(Name, "192.0.2.2")] }, Question);
        Assert.Equal(2, answer.Records.Length);
        Assert.Equal(TimeSpan.FromSeconds(30), DnsAnswer.Read(Empty with { Answers = [Address(Name) with { TimeToLive = 30 }] }, Question).GoodFor);
    }

    [Fact]
    public void A_negative_answer_is_good_for_the_smaller_of_minimum_and_time_to_live_and_without_soa_not_at_all()
    {
        var denied = Empty with { Code = ResponseCode.NameError };
        Assert.Equal(TimeSpan.FromSeconds(600), DnsAnswer.Read(denied with { Authority = [Soa] }, Question).GoodFor);
        Assert.Equal(TimeSpan.FromSeconds(90), DnsAnswer.Read(denied with { Authority = [Soa with { TimeToLive = 90 }] }, Question).GoodFor);
        Assert.Equal(TimeSpan.Zero, DnsAnswer.Read(denied, Question).GoodFor);
    }

    private static AddressRecord Address(DnsName name, string address = "192.0.2.1") => new(name, RecordType.A, 300, IPAddress.Parse(address));
}
