using Vigie.Governance;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>Says where the console is, and, until somebody has an account, how to make the first one.</summary>
internal sealed class SetUpLink(AccountLinks links, ConsoleLinks console, ILogger<SetUpLink> log) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        log.ConsoleListening(console.Base);
        if (await links.IssueSetUpAsync(cancellationToken) is { } token)
            log.SetUpLink(console.To($"/setup/{token}"), (int)AccountLinks.SetUpLifetime.TotalHours);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
