using System.CommandLine;
using System.Globalization;
using Vigie.Engine;
using Vigie.Store.Backups;

namespace Vigie.Commands;

/// <summary><c>vigie backup FILE</c>: one moment of the store and the keys, while the node runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var file = new Argument<string>("file") { Description = "Archive to write; must not exist. It holds secrets, so only its owner may read it." };
        var command = new Command("backup", "Write the store and the key files into one archive, also while the node runs.") { file };
        options.AddTo(command);
        command.SetAction((result, token) => RunAsync(result, options, result.GetRequiredValue(file), token));
        return command.WithExamples(
            ("vigie backup /var/backups/vigie-$(date +%F).zip", "Write today's backup, read it again and compare it."),
            ("vigie backup before-move.zip --data /var/lib/vigie", "The same for a data folder elsewhere; vigie restore reads it into either engine."));
    }

    private static async Task<int> RunAsync(ParseResult result, SettingsOptions options, string file, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var language = Language.Of(result);
        return await BackupErrors.GuardAsync(result, async () =>
        {
            var manifest = await new BackupWriter(settings.Store, TimeProvider.System).WriteAsync(file, new TableProgress(result.InvocationConfiguration.Error), token);
            await result.InvocationConfiguration.Output.WriteLineAsync(Done(file, manifest).In(language));
            return ExitCodes.Ok;
        });
    }

    private static Bilingual Done(string file, Manifest manifest)
    {
        var rows = manifest.Tables.Sum(table => table.Rows);
        var bytes = new FileInfo(file).Length;
        return new Bilingual(
            string.Create(CultureInfo.InvariantCulture, $"{file}: {rows} rows of {manifest.Tables.Count} tables and {manifest.Keys.Count} key files, {bytes} bytes, verified."),
            string.Create(CultureInfo.InvariantCulture, $"{file} : {rows} lignes de {manifest.Tables.Count} tables et {manifest.Keys.Count} fichiers de clés, {bytes} octets, vérifié."));
    }
}

/// <summary>Says on a terminal, or in a log, which table is done.</summary>
internal sealed class TableProgress(TextWriter writer) : IProgress<ArchivedTable>
{
    public void Report(ArchivedTable value) => writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {value.Name}: {value.Rows}"));
}

/// <summary>Turns an archive that cannot be used into one line and an exit code; a store that cannot be is everybody's case (<see cref="VigieCommand"/>).</summary>
internal static class BackupErrors
{
    public static async Task<int> GuardAsync(ParseResult result, Func<Task<int>> run)
    {
        var language = Language.Of(result);
        try
        {
            return await run();
        }
        catch (BackupException e)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(e.Text.In(language));
        }

        return ExitCodes.Failed;
    }
}
