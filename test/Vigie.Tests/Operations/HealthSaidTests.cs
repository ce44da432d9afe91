using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Engine;
using Vigie.Operations;

namespace Vigie.Tests.Operations;

public sealed class HealthSaidTests
{
    [Fact]
    public void What_a_check_says_is_there_in_both_languages()
    {
        Assert.Equal(new Bilingual("1 feed", "1 flux"), HealthSaid.Of(Entry(HealthSaid.Works("1 feed", "1 flux"))));
        Assert.Equal(HealthStatus.Degraded, HealthSaid.Worries("a", "b").Status);
        Assert.Equal(HealthStatus.Unhealthy, HealthSaid.Fails("a", "b").Status);
    }

    [Fact]
    public void A_check_that_says_it_in_English_only_or_throws_or_says_nothing_is_shown_as_it_is()
    {
        Assert.Equal(new Bilingual("plain", "plain"), HealthSaid.Of(Entry(HealthCheckResult.Healthy("plain"))));
        Assert.Equal(new Bilingual("broken", "broken"), HealthSaid.Of(Entry(HealthCheckResult.Unhealthy(exception: new InvalidOperationException("broken")))));
        Assert.Equal(new Bilingual("", ""), HealthSaid.Of(Entry(HealthCheckResult.Healthy())));
    }

    private static HealthReportEntry Entry(HealthCheckResult result) => new(result.Status, result.Description, TimeSpan.Zero, result.Exception, result.Data);
}
