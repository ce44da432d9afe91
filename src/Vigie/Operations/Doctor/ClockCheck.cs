using System.Globalization;
using System.Runtime.CompilerServices;
using Vigie.Engine;

namespace Vigie.Operations.Doctor;

/// <summary>The clock: one-time codes, link lifetimes and the order of records lean on it.</summary>
internal sealed class ClockCheck : IDoctorCheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    public string Name => "clock";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = patient.Time.GetUtcNow();
        if (NewestFile(patient.Settings.DataDirectory) is { } newest && newest > now + Tolerance)
        {
            var ahead = (newest - now).ToString("c", CultureInfo.InvariantCulture);
            yield return Diagnosis.Fail("clock.runs-forward",
                new Bilingual($"the data folder holds a file from {ahead} in the future: the clock was set back", $"le dossier de données contient un fichier daté de {ahead} dans le futur : l'horloge a été reculée"),
                new Bilingual("Set the clock, best by NTP (systemd-timesyncd or chrony).", "Réglez l'horloge, de préférence par NTP (systemd-timesyncd ou chrony)."));
        }
        else
        {
            yield return Diagnosis.Ok("clock.runs-forward", $"it is {now:yyyy-MM-dd HH:mm:ss} UTC, and no file of the data folder is newer", $"il est {now:yyyy-MM-dd HH:mm:ss} UTC, et aucun fichier du dossier de données n'est plus récent");
        }

        // "yes" or "no"; in a container the host keeps the clock and timedatectl cannot tell.
        var answer = await DoctorProgram.AskAsync("timedatectl", ["show", "--property=NTPSynchronized", "--value"], cancellationToken);
        if (answer is { ExitCode: 0 } told && told.Output.Trim() == "no")
        {
            yield return Diagnosis.Warn("clock.synchronized",
                new Bilingual("the clock is not synchronized", "l'horloge n'est pas synchronisée"),
                new Bilingual("Turn it on: timedatectl set-ntp true", "Activez la synchronisation : timedatectl set-ntp true"));
        }
        else if (answer is { ExitCode: 0 })
        {
            yield return Diagnosis.Ok("clock.synchronized", "the clock is synchronized", "l'horloge est synchronisée");
        }
    }

    private static DateTimeOffset? NewestFile(string folder) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles().Select(f => (DateTimeOffset?)f.LastWriteTimeUtc).Max()
            : null;
}
