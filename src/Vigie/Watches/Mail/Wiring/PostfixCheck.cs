using System.Runtime.CompilerServices;
using Vigie.Engine;
using Vigie.Operations.Doctor;

namespace Vigie.Watches.Mail.Wiring;

/// <summary>How Postfix is told of Vigie: its milters, its answer while Vigie is away, its patience, its chroot.</summary>
internal sealed class PostfixCheck : IDoctorCheck
{
    private const string Postconf = "/usr/sbin/postconf";

    public string Name => "postfix";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await ReadAsync(patient.PostfixConfig, cancellationToken) is not { } wiring)
        {
            yield return Diagnosis.Warn("postfix.installed",
                new Bilingual($"there is no Postfix here ({Postconf} does not answer)", $"pas de Postfix ici ({Postconf} ne répond pas)"),
                new Bilingual("Run the doctor on the mail server, or name its configuration with --postfix FOLDER. docs/postfix.md tells the rest.", "Lancez le diagnostic sur le serveur de courrier, ou nommez sa configuration avec --postfix DOSSIER. La suite est dans docs/postfix.md."));
            yield break;
        }

        var mail = patient.Settings.Mail;
        yield return Diagnosis.Ok("postfix.installed", $"Postfix {wiring.Value("mail_version")}", $"Postfix {wiring.Value("mail_version")}");
        foreach (var diagnosis in Wiring(wiring, mail)) yield return diagnosis;
        foreach (var diagnosis in Reach(wiring, mail)) yield return diagnosis;
        if (mail.Milter.UnixPath is { } path && wiring.Value("smtpd_milters").Contains("unix:", StringComparison.Ordinal) && await WritableAsync(path, wiring.Value("mail_owner", "postfix"), cancellationToken) is false)
        {
            yield return Diagnosis.Fail("postfix.socket-permission",
                new Bilingual($"the user {wiring.Value("mail_owner", "postfix")} may not write to {path}", $"l'utilisateur {wiring.Value("mail_owner", "postfix")} n'a pas le droit d'écrire dans {path}"),
                new Bilingual("Set mail.milter.unixGroup: postfix, and let that group enter every folder on the way.", "Réglez mail.milter.unixGroup: postfix, et laissez ce groupe entrer dans chaque dossier du chemin."));
        }
    }

    /// <summary>Postfix as it is configured; null where <c>postconf</c> does not answer.</summary>
    public static async Task<PostfixWiring?> ReadAsync(string? configDirectory, CancellationToken cancellationToken)
    {
        string[] config = configDirectory is null ? [] : ["-c", configDirectory];
        if (await DoctorProgram.AskAsync(Postconf, [.. config, "-x", .. PostfixWiring.Names], cancellationToken) is not { ExitCode: 0 } main) return null;
        var overrides = await DoctorProgram.AskAsync(Postconf, [.. config, "-P"], cancellationToken);
        var chroot = await DoctorProgram.AskAsync(Postconf, [.. config, "-F", "*/*/chroot"], cancellationToken);
        return new PostfixWiring(
            Assignments(main.Output),
            Assignments(overrides?.Output ?? ""),
            Assignments(chroot?.Output ?? "").Where(a => a.Value == "y").Select(a => a.Key[..a.Key.LastIndexOf('/')]).ToHashSet(StringComparer.Ordinal));
    }

    internal static Dictionary<string, string> Assignments(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) values[line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }

        return values;
    }

    private static IEnumerable<Diagnosis> Wiring(PostfixWiring wiring, MailSettings mail)
    {
        var address = wiring.Address(mail.Milter);
        yield return wiring.HasOurs(wiring.Value("smtpd_milters"), mail.Milter)
            ? Diagnosis.Ok("postfix.smtpd-milters", "mail over SMTP goes through Vigie", "le courrier reçu par SMTP passe par Vigie")
            : Diagnosis.Fail("postfix.smtpd-milters",
                new Bilingual("mail over SMTP does not go through Vigie", "le courrier reçu par SMTP ne passe pas par Vigie"),
                new Bilingual($"Add {address} to smtpd_milters.", $"Ajoutez {address} à smtpd_milters."));
        yield return wiring.HasOurs(wiring.Value("non_smtpd_milters"), mail.Milter)
            ? Diagnosis.Ok("postfix.non-smtpd-milters", "mail of local programs goes through Vigie", "le courrier des programmes locaux passe par Vigie")
            : Diagnosis.Warn("postfix.non-smtpd-milters",
                new Bilingual("mail that local programs send (sendmail, webmail on this machine) does not go through Vigie", "le courrier envoyé par des programmes locaux (sendmail, webmail sur cette machine) ne passe pas par Vigie"),
                new Bilingual($"Add {address} to non_smtpd_milters.", $"Ajoutez {address} à non_smtpd_milters."));

        var action = wiring.Value("milter_default_action", "tempfail");
        yield return action == PostfixWiring.DefaultAction(mail)
            ? Diagnosis.Ok("postfix.default-action", $"while Vigie is away, Postfix does what mail.onFailure says ({action})", $"si Vigie est absente, Postfix fait ce que dit mail.onFailure ({action})")
            : Diagnosis.Warn("postfix.default-action",
                new Bilingual($"while Vigie is away Postfix does \"{action}\", and mail.onFailure says \"{PostfixWiring.DefaultAction(mail)}\"", $"si Vigie est absente, Postfix fait « {action} », alors que mail.onFailure dit « {PostfixWiring.DefaultAction(mail)} »"),
                new Bilingual("Make both the same.", "Mettez les deux d'accord."));

        if (wiring.Protocol < 6)
        {
            yield return Diagnosis.Fail("postfix.protocol",
                new Bilingual($"milter_protocol is {wiring.Protocol}", $"milter_protocol vaut {wiring.Protocol}"),
                new Bilingual("Remove the line, or set 6: \"did you mean\" needs the later protocol.", "Retirez la ligne ou mettez 6 : les suggestions en dépendent."));
        }

        if (wiring.CommandTimeout <= mail.Milter.Timeouts.Command || wiring.ContentTimeout <= mail.Milter.Timeouts.EndOfMessage)
        {
            yield return Diagnosis.Warn("postfix.timeouts",
                new Bilingual(
                    $"Postfix waits {wiring.CommandTimeout.TotalSeconds:0} s for a recipient and {wiring.ContentTimeout.TotalSeconds:0} s for a message; Vigie may take {mail.Milter.Timeouts.Command.TotalSeconds:0} s and {mail.Milter.Timeouts.EndOfMessage.TotalSeconds:0} s",
                    $"Postfix attend {wiring.CommandTimeout.TotalSeconds:0} s par destinataire et {wiring.ContentTimeout.TotalSeconds:0} s par message ; Vigie peut prendre {mail.Milter.Timeouts.Command.TotalSeconds:0} s et {mail.Milter.Timeouts.EndOfMessage.TotalSeconds:0} s"),
                new Bilingual("Let Postfix wait longer than Vigie, so that Vigie's own answer comes first.", "Faites attendre Postfix plus longtemps que Vigie, pour que la réponse de Vigie arrive d'abord."));
        }

        if (!wiring.Value("milter_mail_macros", "{auth_authen}").Contains("{auth_authen}", StringComparison.Ordinal) || !wiring.Value("milter_end_of_data_macros", "i").Split(' ', ',').Any(m => m is "i" or "{i}"))
        {
            yield return Diagnosis.Warn("postfix.macros",
                new Bilingual("milter_mail_macros lacks {auth_authen}, or milter_end_of_data_macros lacks i", "il manque {auth_authen} dans milter_mail_macros, ou i dans milter_end_of_data_macros"),
                new Bilingual("Remove those lines from main.cf: Postfix's defaults tell Vigie who sent and under which queue id.", "Retirez ces lignes de main.cf : les valeurs par défaut disent à Vigie qui envoie et sous quel identifiant."));
        }
    }

    private static IEnumerable<Diagnosis> Reach(PostfixWiring wiring, MailSettings mail)
    {
        foreach (var service in wiring.Unguarded(mail.Milter).Distinct(StringComparer.Ordinal))
        {
            var submission = service.StartsWith("submission", StringComparison.Ordinal) || service.StartsWith("smtps", StringComparison.Ordinal) || service.StartsWith("587", StringComparison.Ordinal) || service.StartsWith("465", StringComparison.Ordinal);
            yield return new Diagnosis("postfix.service", submission ? DiagnosisStatus.Fail : DiagnosisStatus.Warn,
                new Bilingual($"master.cf turns Vigie off for the service {service}", $"master.cf désactive Vigie pour le service {service}"),
                submission
                    ? new Bilingual("People send through this service: take its -o smtpd_milters or no_milters away.", "Vos utilisateurs envoient par ce service : retirez son -o smtpd_milters ou no_milters.")
                    : new Bilingual("Right for mail that comes back from a content filter; otherwise take the -o line away.", "Correct pour le courrier qui revient d'un filtre de contenu ; sinon retirez la ligne -o."));
        }

        foreach (var socket in wiring.OutOfChroot(mail.Milter))
        {
            yield return Diagnosis.Fail("postfix.chroot",
                new Bilingual($"smtpd is chrooted to {wiring.QueueDirectory} and cannot see {socket}", $"smtpd est enfermé dans {wiring.QueueDirectory} (chroot) et ne voit pas {socket}"),
                new Bilingual($"Set mail.milter.unix: {wiring.QueueDirectory}/vigie/milter.sock and smtpd_milters = unix:vigie/milter.sock, or use TCP.", $"Réglez mail.milter.unix: {wiring.QueueDirectory}/vigie/milter.sock et smtpd_milters = unix:vigie/milter.sock, ou passez par TCP."));
        }
    }

    // Only root can try it as another user; null where it cannot be tried or the socket is not there (NodeCheck says that).
    private static async Task<bool?> WritableAsync(string path, string user, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists(path)) return null;
        return await DoctorProgram.AskAsync("setpriv", [$"--reuid={user}", $"--regid={user}", "--clear-groups", "test", "-w", path], cancellationToken) is { } tried ? tried.ExitCode == 0 : null;
    }
}
