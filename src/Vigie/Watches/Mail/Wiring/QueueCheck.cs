using System.Runtime.CompilerServices;
using Vigie.Engine;
using Vigie.Operations.Doctor;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Watches.Mail.Wiring;

/// <summary>Whether held mail can be released: the helper answers, or the node may do it itself.</summary>
internal sealed class QueueCheck : IDoctorCheck
{
    public string Name => "queue";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var helper = patient.Settings.Mail.QueueHelper;
        Diagnosis diagnosis;
        try
        {
            var held = await PostfixQueue.Open(helper).ListAsync(cancellationToken);
            diagnosis = Diagnosis.Ok("queue.helper", $"{helper} answers; {held.Count} messages are on hold", $"{helper} répond ; {held.Count} messages sont retenus");
        }
        catch (QueueUnavailableException e)
        {
            diagnosis = Diagnosis.Fail("queue.helper",
                new Bilingual($"held mail cannot be released, returned or deleted: {e.Message}", $"le courrier retenu ne peut être ni remis, ni renvoyé, ni supprimé : {e.Message}"),
                new Bilingual(
                    "Start the helper: systemctl enable --now vigie-queue.socket (vigie install writes it). Only the user vigie and root may ask it.",
                    "Démarrez l'auxiliaire : systemctl enable --now vigie-queue.socket (écrit par vigie install). Seuls l'utilisateur vigie et root peuvent s'en servir."));
        }

        yield return diagnosis;
    }
}
