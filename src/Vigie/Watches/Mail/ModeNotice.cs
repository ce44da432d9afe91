using Vigie.Engine;
using Vigie.Operations;

namespace Vigie.Watches.Mail;

/// <summary>Tells whoever starts the node whether mail is stopped or only watched.</summary>
internal sealed class ModeNotice(MailMode mode) : IReadyNotice
{
    private static readonly Bilingual Observed = new(
        "everything is delivered; the console shows what would have been stopped",
        "tout est remis ; la console montre ce qui aurait été arrêté");

    public async Task<ReadyLine?> ReadAsync(Uri console, CancellationToken cancellationToken)
    {
        await mode.RefreshAsync(cancellationToken);
        return new ReadyLine(new Bilingual("Mode", "Mode"), mode.Current.ToString().ToLowerInvariant(), mode.Current switch
        {
            Mode.Observe => Observed,
            Mode.Bypass => new Bilingual("nothing is checked until the bypass ends", "rien n'est vérifié jusqu'à la fin de la dérogation"),
            _ => new Bilingual("verdicts are applied", "les verdicts sont appliqués"),
        });
    }
}
