using System.Globalization;
using System.Runtime.CompilerServices;
using Vigie.Engine;
using Vigie.Operations.Doctor;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Sources.Files;

namespace Vigie.Watches.Logs;

/// <summary>The log watch: rules that can be used, files that can be read, keys that only the node's user knows.</summary>
internal sealed class LogsCheck : IDoctorCheck
{
    public string Name => "logs";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var logs = patient.Settings.Logs;
        if (!LogsWatch.IsWatching(logs))
        {
            yield return Diagnosis.Ok("logs.sources", "no log source is set up (logs.sources)", "aucune source de journaux n'est configurée (logs.sources)");
            yield break;
        }

        yield return await Task.Run(() => Rules(logs, cancellationToken), cancellationToken);
        foreach (var source in logs.Sources)
        {
            if (source.Kind == LogSourceKind.Files) yield return Files(source);
            else if (source.KeysFile is { } keys && Keys(source.Name, keys) is { } diagnosis) yield return diagnosis;
        }
    }

    private static Diagnosis Rules(LogsSettings logs, CancellationToken ct)
    {
        // The doctor changes nothing: it does not write the cache.
        var rules = RuleLoader.Load(RuleSelection.Of(logs) with { CacheDirectory = null }, ct);
        var errors = rules.Problems.Where(p => p.IsError).ToList();
        var text = new Bilingual(
            string.Create(CultureInfo.InvariantCulture, $"{rules.Rules.Length} rules can be used, {errors.Count} problems{(errors.Count == 0 ? "" : $"; the first: {errors[0]}")}"),
            string.Create(CultureInfo.InvariantCulture, $"{rules.Rules.Length} règles utilisables, {errors.Count} problèmes{(errors.Count == 0 ? "" : $" ; le premier : {errors[0]}")}"));
        if (rules.Rules.Length > 0 && errors.Count == 0) return new Diagnosis("logs.rules", DiagnosisStatus.Ok, text);
        return Diagnosis.Warn("logs.rules", text, new Bilingual(
            "\"vigie rules check\" lists every problem; \"vigie rules add\" takes in a set of rules.",
            "« vigie rules check » énumère les problèmes ; « vigie rules add » installe un jeu de règles."));
    }

    private static Diagnosis Files(LogSourceSettings source)
    {
        var name = $"logs.{source.Name}";
        var files = FilePatterns.Find(source.Paths, source.Exclude);
        var unreadable = files.Where(file => !CanRead(file)).ToList();
        if (files.Count == 0)
        {
            return Diagnosis.Warn(name,
                new Bilingual($"no file matches {string.Join(", ", source.Paths)}", $"aucun fichier ne correspond à {string.Join(", ", source.Paths)}"),
                new Bilingual("Check logs.sources[].paths, and that the node's user may list the folder.", "Vérifiez logs.sources[].paths et que le compte du nœud peut lister le dossier."));
        }

        return unreadable.Count == 0
            ? Diagnosis.Ok(name, string.Create(CultureInfo.InvariantCulture, $"{files.Count} files can be read"), string.Create(CultureInfo.InvariantCulture, $"{files.Count} fichiers lisibles"))
            : Diagnosis.Warn(name,
                new Bilingual($"{unreadable.Count} of {files.Count} files cannot be read, such as {unreadable[0]}", $"{unreadable.Count} fichiers sur {files.Count} sont illisibles, par exemple {unreadable[0]}"),
                new Bilingual("Add the node's user to the group of the logs (adm), or name the files in \"exclude\".", "Ajoutez le compte du nœud au groupe des journaux (adm), ou nommez ces fichiers dans « exclude »."));
    }

    private static Diagnosis? Keys(string source, string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(file)) return null;
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return (File.GetUnixFileMode(file) & others) == 0
            ? null
            : Diagnosis.Warn($"logs.{source}",
                new Bilingual($"everybody on this machine can read {file}", $"tout le monde sur cette machine peut lire {file}"),
                new Bilingual($"chmod 640 {file}", $"chmod 640 {file}"));
    }

    private static bool CanRead(string file)
    {
        try
        {
            using var opened = Reading.LogContents.OpenShared(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
