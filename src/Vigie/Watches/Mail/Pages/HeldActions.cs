using Vigie.Console;
using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Watches.Mail.Pages;

/// <summary>Releasing, returning and deleting held mail.</summary>
internal static class HeldActions
{
    public static void MapHeldActions(this IEndpointRouteBuilder routes) =>
        routes.MapAction("/held/{queueId}", Permission.ActOnHeldMail, DecideAsync);

    private static async Task<ActionResult> DecideAsync(ActionRequest request)
    {
        var queueId = request.Route("queueId");
        var here = $"/held/{Uri.EscapeDataString(queueId)}";
        var (reason, actor) = (request.Line("reason"), request.Viewer.Name);
        if (reason.Length == 0) return ActionResult.Refused(here, ShellTexts.ReasonMissing);

        var held = request.Service<HeldMail>();
        switch (request.Field("act"))
        {
            case "release":
                return Answer(here, await held.ReleaseAsync(queueId, actor, reason, request.Aborted), MailTexts.Released);
            case "return":
                return Answer(here, await held.ReturnAsync(queueId, actor, reason, request.Aborted), MailTexts.Returned);
            case "delete" when request.Field("sure") != "yes":
                return ActionResult.Refused(here, MailTexts.DeleteConfirmMissing);
            case "delete":
                return Answer(here, await held.DeleteAsync(queueId, actor, reason, request.Aborted), MailTexts.Deleted);
            default:
                return ActionResult.Refused(here, MailTexts.ChooseOne);
        }
    }

    private static ActionResult Answer(string here, HeldActResult result, Bilingual done) => result.Outcome switch
    {
        HeldOutcome.Done => ActionResult.Done(here, done),
        HeldOutcome.Recorded => ActionResult.Done(here, MailTexts.NotYetCarriedOut),
        HeldOutcome.TooLate => ActionResult.Refused(here, MailTexts.TooLate),
        _ => ActionResult.Refused("/held", MailTexts.NoSuchMessage),
    };
}
