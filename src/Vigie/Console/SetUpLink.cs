using Vigie.Engine;
using Vigie.Governance;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>Says, until somebody has an account, how to make the first one. Every start makes a new link; the one before is void.</summary>
internal sealed class SetUpLink(AccountLinks links, ConsoleLinks addresses) : IReadyNotice
{
    private static readonly Bilingual Label = new("Set-up link", "Lien d’installation");

    private static readonly Bilingual Note = new(
        $"(once, within {AccountLinks.SetUpLifetime.TotalHours:0} hours: makes the first administrator)",
        $"(une fois, dans les {AccountLinks.SetUpLifetime.TotalHours:0} heures : crée le premier administrateur)");

    public async Task<ReadyLine?> ReadAsync(Uri console, CancellationToken cancellationToken) =>
        await links.IssueSetUpAsync(cancellationToken) is { } token
            ? new ReadyLine(Label, addresses.To($"/setup/{token}"), Note)
            : null;
}
