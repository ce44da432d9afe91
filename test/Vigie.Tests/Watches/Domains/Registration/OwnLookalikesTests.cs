using Vigie.Watches.Domains.Registration;

namespace Vigie.Tests.Watches.Domains.Registration;

public sealed class OwnLookalikesTests
{
    [Fact]
    public void The_best_slips_and_the_best_deceptions_of_each_domain_are_watched()
    {
        var names = OwnLookalikes.Of(["army.mil", "example.com"], 100, name => name is "army.mil" or "example.com");
        Assert.Equal(names.Count, names.Select(n => n.Domain).Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(names.Count(n => n.Target == "army.mil"), 90, 100);
        Assert.Contains(names, n => n.Domain == "army.ml");
        Assert.Equal(names.Select(n => n.Likelihood).OrderDescending(), names.Select(n => n.Likelihood));
        Assert.All(names, n => Assert.NotEmpty(n.Explanation.French));
        // A quarter for the eye: names that look alike though nobody types them.
        Assert.Contains(names, n => n.Domain.StartsWith("xn--", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_of_somebody_we_know_are_no_lookalikes() =>
        Assert.DoesNotContain(OwnLookalikes.Of(["army.mil"], 100, name => name == "army.ml"), n => n.Domain == "army.ml");

    [Fact]
    public void What_cannot_be_imitated_is_passed_over() => Assert.Empty(OwnLookalikes.Of(["mil"], 100, _ => false));
}
