using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Lookalikes;
using Vigie.Governance;

namespace Vigie.Watches.Mail.Pages;

/// <summary>Trusting domains, and forgetting what was learned.</summary>
internal static class RelationshipActions
{
    private const string List = "/relationships";

    public static void MapRelationshipActions(this IEndpointRouteBuilder routes)
    {
        routes.MapAction($"{List}/trust", Permission.ChangeRelationships, TrustAsync);
        routes.MapAction($"{List}/forget", Permission.ChangeRelationships, ForgetAsync);
        routes.MapAction($"{List}/forget-mailbox", Permission.ChangeRelationships, ForgetMailboxAsync);
    }

    private static async Task<ActionResult> TrustAsync(ActionRequest request)
    {
        if (!DomainNames.TryNormalize(request.Line("domain"), out var domain, out var problem))
            return ActionResult.Refused(List, DomainTexts.NotADomain(problem));
        var here = $"{List}/{Uri.EscapeDataString(domain)}";
        var reason = request.Line("reason");
        if (reason.Length == 0) return ActionResult.Refused(here, ShellTexts.ReasonMissing);

        await request.Service<Relationships>().ApproveAsync(domain, null, request.Viewer.Name, reason, request.Aborted);
        return ActionResult.Done(here, MailTexts.NowTrusted);
    }

    // Not normalized first: what the store has must be found, however it came to be written there.
    private static async Task<ActionResult> ForgetAsync(ActionRequest request)
    {
        var (domain, reason) = (request.Line("domain"), request.Line("reason"));
        if (reason.Length == 0) return ActionResult.Refused($"{List}/{Uri.EscapeDataString(domain)}", ShellTexts.ReasonMissing);
        return Forgotten(await request.Service<Relationships>().ForgetAsync(domain, request.Viewer.Name, reason, request.Aborted));
    }

    private static async Task<ActionResult> ForgetMailboxAsync(ActionRequest request)
    {
        var (mailbox, reason) = (request.Line("mailbox", 320), request.Line("reason"));
        if (!mailbox.Contains('@', StringComparison.Ordinal)) return ActionResult.Refused(List, MailTexts.NotAMailbox);
        if (reason.Length == 0) return ActionResult.Refused(List, ShellTexts.ReasonMissing);
        return Forgotten(await request.Service<Relationships>().ForgetMailboxAsync(mailbox, request.Viewer.Name, reason, request.Aborted));
    }

    private static ActionResult Forgotten(int rows) => ActionResult.Done(List, new Bilingual(
        rows == 1 ? "One entry is forgotten." : $"{rows} entries are forgotten.",
        rows < 2 ? $"{rows} entrée oubliée." : $"{rows} entrées oubliées."));
}
