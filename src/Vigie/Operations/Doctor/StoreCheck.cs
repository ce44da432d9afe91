using System.Globalization;
using System.Runtime.CompilerServices;
using Vigie.Engine;
using Vigie.Store;

namespace Vigie.Operations.Doctor;

/// <summary>The data folder and the store in it: can be opened, is of this version, has room. Changes nothing in it.</summary>
internal sealed class StoreCheck : IDoctorCheck
{
    private const long LittleSpace = 1_000_000_000;
    private const long NoSpace = 100_000_000;

    public string Name => "store";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settings = patient.Settings.Store;
        var folder = patient.Settings.DataDirectory;
        if (!Directory.Exists(folder))
        {
            yield return Diagnosis.Ok("store.folder", $"{folder} does not exist yet; the first start makes it", $"{folder} n'existe pas encore ; le premier démarrage le crée");
            yield break;
        }

        yield return Space(folder);
        if (settings.PostgreSql is null && !File.Exists(settings.SqliteFile))
        {
            yield return Diagnosis.Ok("store.opens", $"{settings.SqliteFile} does not exist yet; the first start makes it", $"{settings.SqliteFile} n'existe pas encore ; le premier démarrage le crée");
            yield break;
        }

        yield return await OpenAsync(settings, patient.Time, cancellationToken);
    }

    private static Diagnosis Space(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var size = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB");
        var text = new Bilingual($"{size} free on the disk of {folder}", $"{size} libres sur le disque de {folder}");
        if (free >= LittleSpace) return new Diagnosis("store.space", DiagnosisStatus.Ok, text);

        var remedy = new Bilingual("Make room, or lower store.maxSize. On a full disk mail.onFailure decides what happens to mail.", "Libérez de la place ou réduisez store.maxSize. Disque plein, c'est mail.onFailure qui décide du sort du courrier.");
        return new Diagnosis("store.space", free >= NoSpace ? DiagnosisStatus.Warn : DiagnosisStatus.Fail, text, remedy);
    }

    private static async Task<Diagnosis> OpenAsync(StoreSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        await using Dialect dialect = settings.PostgreSql is null ? new SqliteDialect(settings) : new PostgreSqlDialect(settings);
        try
        {
            using var lease = await dialect.RentReaderAsync(cancellationToken);
            var migrator = new Migrator(dialect, time, Migration.All);
            var applied = migrator.Applied(lease.Connection);
            var pending = migrator.Pending(applied).Count;
            var version = applied.Count == 0 ? 0 : applied[^1].Version;
            return pending == 0
                ? Diagnosis.Ok("store.opens", $"{dialect.Where} opens; its schema is of step {version}, as this program's", $"{dialect.Where} s'ouvre ; son schéma est à l'étape {version}, comme ce programme")
                : Diagnosis.Ok("store.opens", $"{dialect.Where} opens; the next start takes {pending} steps of the schema", $"{dialect.Where} s'ouvre ; le prochain démarrage appliquera {pending} étapes du schéma");
        }
#pragma warning disable CA1031 // Whatever keeps the store from opening is the diagnosis.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            var why = dialect.Diagnose(e)?.Text ?? new Bilingual(e.Message, e.Message);
            return Diagnosis.Fail("store.opens",
                new Bilingual($"{dialect.Where}: {why.English}", $"{dialect.Where} : {why.French}"),
                new Bilingual("Run the doctor as the user of the node (or as root), and see docs/store.md.", "Lancez le diagnostic avec le compte du nœud (ou en root), et voyez docs/store.md."));
        }
    }
}
