using System.Runtime.CompilerServices;
using Vigie.Engine;

namespace Vigie.Operations.Doctor;

/// <summary>The settings file, and the domains without which Vigie cannot tell inside from outside.</summary>
internal sealed class SettingsCheck : IDoctorCheck
{
    public string Name => "settings";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var file = patient.SettingsFile;
        foreach (var problem in patient.Problems)
        {
            yield return Diagnosis.Fail("settings.file",
                new Bilingual($"{file}:{problem.Line}: {problem.Key}: {problem.Text}", $"{file}:{problem.Line} : {problem.Key} : {problem.Text}"),
                new Bilingual("Correct the line; the node does not start before.", "Corrigez la ligne ; sans cela le nœud ne démarre pas."));
        }

        if (patient.Problems.Count > 0) yield break;
        yield return file is null
            ? Diagnosis.Ok("settings.file", "there is no settings file; the defaults apply", "pas de fichier de réglages ; les valeurs par défaut s'appliquent")
            : Diagnosis.Ok("settings.file", $"{file} is good", $"{file} est correct");

        if (patient.Settings.Protection.OwnDomains.Count == 0)
        {
            yield return Diagnosis.Warn("settings.own-domains",
                new Bilingual("no domain of your own is named (protection.ownDomains)", "aucun domaine de votre organisation n'est nommé (protection.ownDomains)"),
                new Bilingual(
                    "Name the domains your people send from: mail among them then never counts as outbound, and names that imitate them are noticed.",
                    "Nommez les domaines d'où écrivent vos utilisateurs : le courrier interne ne compte alors jamais comme sortant, et les noms qui les imitent sont reconnus."));
        }
    }
}
