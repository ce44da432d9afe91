using Vigie.Governance;

namespace Vigie.Console;

/// <summary>The navigation entries of the shell's own pages.</summary>
internal static class ConsolePages
{
    public static readonly IReadOnlyList<ConsolePage> Own =
    [
        new("/", ShellTexts.Overview, Permission.ReadOverview, 0, 'o'),
        new("/findings", FindingTexts.Title, Permission.ReadFindings, 5, 'f'),
        new("/health", ShellTexts.Health, Permission.ReadHealth, 90, 's'),
        new("/journal", ShellTexts.Journal, Permission.ReadJournal, 110, 'j'),
        new("/accounts", ShellTexts.Accounts, Permission.ManageAccounts, 120, 'a'),
    ];
}
