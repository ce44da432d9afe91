using System.Data.Common;
using System.Reflection;
using Dapper;
using Vigie.Engine;

namespace Vigie.Store;

/// <summary>
/// Brings a store to the schema of this program, one transaction a step. Safe when several processes start at
/// once: each step is taken under the engine's lock and looked for again first.
/// </summary>
internal sealed class Migrator(Dialect dialect, TimeProvider time, IReadOnlyList<Migration> known)
{
    /// <summary>The version of this program, as written beside each step.</summary>
    public static string Program { get; } =
        typeof(Migrator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>The steps <paramref name="connection"/>'s store has taken, in order.</summary>
    public IReadOnlyList<AppliedMigration> Applied(DbConnection connection, DbTransaction? transaction = null) =>
        dialect.HasTable(connection, "schema_version")
            ? [.. connection.Query<AppliedMigration>("SELECT version, name, checksum, program FROM schema_version ORDER BY version", transaction: transaction)]
            : [];

    /// <summary>The steps still to take.</summary>
    /// <exception cref="StoreUnavailableException">The store is newer than the program, or a step it took has been changed.</exception>
    public IReadOnlyList<Migration> Pending(IReadOnlyList<AppliedMigration> applied)
    {
        foreach (var step in applied)
        {
            var same = known.FirstOrDefault(migration => migration.Version == step.Version);
            if (same is null) throw new StoreUnavailableException(Newer(step));
            if (same.Checksum != step.Checksum) throw new StoreUnavailableException(Changed(step));
        }

        return [.. known.Where(migration => applied.All(step => step.Version != migration.Version))];
    }

    /// <summary>Takes all pending steps; gives how many were taken.</summary>
    /// <exception cref="StoreUnavailableException">As <see cref="Pending"/>, or a step failed: then the store is as before that step.</exception>
    public int Run(DbConnection writer)
    {
        var taken = 0;
        foreach (var migration in Pending(Applied(writer)))
        {
            using var transaction = dialect.Begin(writer);
            dialect.LockMigrations(transaction);
            if (Pending(Applied(writer, transaction)).All(pending => pending.Version != migration.Version)) continue;
            Take(migration, transaction);
            transaction.Commit();
            taken++;
        }

        return taken;
    }

    private void Take(Migration migration, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        try
        {
            connection.Execute(
                """
                CREATE TABLE IF NOT EXISTS schema_version (
                    version INTEGER NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    checksum TEXT NOT NULL,
                    applied_at BIGINT NOT NULL,
                    program TEXT NOT NULL
                )
                """, transaction: transaction);
            connection.Execute(dialect.Expand(migration.Sql), transaction: transaction);
            connection.Execute(
                "INSERT INTO schema_version (version, name, checksum, applied_at, program) VALUES (@Version, @Name, @Checksum, @now, @Program)",
                new { migration.Version, migration.Name, migration.Checksum, now = time.GetUtcNow().ToUnixTimeMilliseconds(), Program },
                transaction);
        }
        catch (DbException e) when (dialect.Diagnose(e) is null)
        {
            throw new StoreUnavailableException(Failed(migration, e), e);
        }
    }

    private StoreProblem Newer(AppliedMigration step) => new(StoreFault.Newer, new Bilingual(
        $"{dialect.Where} was written by a newer Vigie ({step.Program}, step {step.Version:0000}_{step.Name}); this is {Program}. Start that version or a later one, or restore a backup made by this one.",
        $"{dialect.Where} a été écrit par un Vigie plus récent ({step.Program}, étape {step.Version:0000}_{step.Name}) ; celui-ci est {Program}. Lancez cette version ou une suivante, ou restaurez une sauvegarde faite par celle-ci."));

    private StoreProblem Changed(AppliedMigration step) => new(StoreFault.Migration, new Bilingual(
        $"{dialect.Where}: step {step.Version:0000}_{step.Name} of the schema was applied by {step.Program} with other statements than this program has ({Program}). Use a released version, or restore a backup into a new data folder.",
        $"{dialect.Where} : l'étape {step.Version:0000}_{step.Name} du schéma a été appliquée par {step.Program} avec d'autres instructions que celles de ce programme ({Program}). Utilisez une version publiée, ou restaurez une sauvegarde dans un nouveau dossier."));

    private StoreProblem Failed(Migration migration, DbException e) => new(StoreFault.Migration, new Bilingual(
        $"{dialect.Where}: step {migration.Version:0000}_{migration.Name} of the schema cannot be applied ({e.Message}). The store is unchanged; go on with the version used until now and report this.",
        $"{dialect.Where} : l'étape {migration.Version:0000}_{migration.Name} du schéma ne peut pas être appliquée ({e.Message}). Le magasin est inchangé ; continuez avec la version précédente et signalez-le."));
}
