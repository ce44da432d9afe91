using System.CommandLine;
using System.Globalization;
using Vigie.Engine;
using Vigie.Store.Backups;

namespace Vigie.Commands;

/// <summary><c>vigie restore FILE</c>: puts a backup in the place of the store, of either engine.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var file = new Argument<string>("file") { Description = "Archive written by vigie backup." };
        var replace = new Option<bool>("--replace") { Description = "Put an existing store aside; without it, one that exists is refused." };
        var command = new Command("restore", "Restore a backup into the store of the settings: SQLite or PostgreSQL, whichever it was made from. The node must be stopped.") { file, replace };
        options.AddTo(command);
        command.SetAction((result, token) => RunAsync(result, options, result.GetRequiredValue(file), result.GetValue(replace), token));
        return command.WithExamples(
            ("vigie restore vigie-2026-05-04.zip --replace", "Go back to a backup; the present store is kept beside it."),
            ("vigie restore before-move.zip --settings team.yaml", "Move to PostgreSQL: team.yaml names it in store.postgresql."));
    }

    private static async Task<int> RunAsync(ParseResult result, SettingsOptions options, string file, bool replace, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var language = Language.Of(result);
        return await BackupErrors.GuardAsync(result, async () =>
        {
            var restored = await new Restoring(settings.Store, TimeProvider.System).RunAsync(file, replace, new TableProgress(result.InvocationConfiguration.Error), token);
            await result.InvocationConfiguration.Output.WriteLineAsync(Done(restored).In(language));
            return ExitCodes.Ok;
        });
    }

    private static Bilingual Done(RestoreResult restored)
    {
        var rows = restored.Manifest.Tables.Sum(table => table.Rows);
        var (english, french) = restored.Aside is { } aside
            ? ($" The old store is kept as {aside}.", $" L'ancien magasin est gardé sous {aside}.")
            : ("", "");
        return new Bilingual(
            string.Create(CultureInfo.InvariantCulture, $"{restored.Where} now holds the backup of {restored.Manifest.Time:u}: {rows} rows.{english}"),
            string.Create(CultureInfo.InvariantCulture, $"{restored.Where} contient maintenant la sauvegarde du {restored.Manifest.Time:u} : {rows} lignes.{french}"));
    }
}
