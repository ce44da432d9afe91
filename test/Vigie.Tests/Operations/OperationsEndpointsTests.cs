using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Operations;

public sealed class OperationsEndpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_started_node_is_alive_and_ready_and_writes_where_it_listens()
    {
        await using var node = await RunningNode.StartAsync(cancellationToken: Token);
        Assert.Equal("ok\n", await node.Client.GetStringAsync("healthz", Token));
        Assert.StartsWith("ready\n", await node.Client.GetStringAsync("readyz", Token), StringComparison.Ordinal);

        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(node.Endpoints.FilePath, Token));
        var port = new Uri(written.RootElement.GetProperty("console")[0].GetString()!).Port;
        Assert.NotEqual(0, port);
    }

    [Fact]
    public async Task Readiness_is_json_for_those_who_ask()
    {
        await using var node = await RunningNode.StartAsync(cancellationToken: Token);
        using var json = JsonDocument.Parse(await node.Client.GetStringAsync("readyz?format=json", Token));
        Assert.True(json.RootElement.GetProperty("ready").GetBoolean());
        Assert.Contains(json.RootElement.GetProperty("parts").EnumerateArray(), p => p.GetProperty("name").GetString() == "node.stages");
    }

    [Fact]
    public async Task A_check_that_hangs_is_a_reason_and_not_a_hang()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddAsyncCheck("stuck", async () =>
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return HealthCheckResult.Healthy();
        });
        await using var provider = services.BuildServiceProvider();
        var readiness = await OperationsEndpoints.ReadAsync(provider.GetRequiredService<HealthCheckService>(), TimeSpan.FromMilliseconds(300), Token);
        Assert.False(readiness.Ready);
        Assert.Contains("did not answer within 0.3 s", readiness.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unhealthy_part_makes_the_node_unready_and_is_named()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddCheck("mail.milter", () => HealthCheckResult.Unhealthy("nobody listens")).AddCheck("store", () => HealthCheckResult.Degraded("slow"));
        await using var provider = services.BuildServiceProvider();
        var readiness = await OperationsEndpoints.ReadAsync(provider.GetRequiredService<HealthCheckService>(), TimeSpan.FromSeconds(30), Token);
        Assert.Equal("not ready\nmail.milter: unhealthy (nobody listens)\nstore: degraded (slow)\n", readiness.ToText());
    }

    [Fact]
    public async Task Metrics_and_details_are_for_observers_only()
    {
        await using var node = await RunningNode.StartAsync("operations:\n  observers: 192.0.2.0/24\n", cancellationToken: Token);
        using var metrics = await node.Client.GetAsync("metrics", Token);
        Assert.Equal(HttpStatusCode.Forbidden, metrics.StatusCode);
        Assert.Equal("ready\n", await node.Client.GetStringAsync("readyz", Token));
    }

    [Fact]
    public async Task A_request_that_a_proxy_passed_on_is_not_taken_for_a_local_one()
    {
        await using var node = await RunningNode.StartAsync(cancellationToken: Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var answer = await node.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_taken_port_names_the_setting()
    {
        await using var first = await RunningNode.StartAsync(cancellationToken: Token);
        var taken = new Uri(first.Endpoints.Of("console")[0]);
        var error = await Assert.ThrowsAsync<ListenException>(() => RunningNode.StartAsync($"console:\n  listen: 127.0.0.1:{taken.Port}\n", cancellationToken: Token));
        Assert.Equal("console.listen", error.Setting);
        Assert.Contains($"127.0.0.1:{taken.Port}: another program listens there", error.Message, StringComparison.Ordinal);
    }
}
