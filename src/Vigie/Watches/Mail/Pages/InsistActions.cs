using Vigie.Console;

namespace Vigie.Watches.Mail.Pages;

/// <summary>
/// The sender's confirmation. Opening the link only shows what it is about: mail scanners open links too, and only a
/// person presses the button.
/// </summary>
internal static class InsistActions
{
    public static async Task<ActionResult> ConfirmAsync(ActionRequest request)
    {
        var token = request.Route("token");
        var here = $"/insist/{Uri.EscapeDataString(token)}";
        return await request.Service<Insistence>().RedeemAsync(token, request.Aborted) switch
        {
            InsistenceOutcome.Confirmed => ActionResult.Done(here, MailTexts.InsistConfirmed),
            InsistenceOutcome.NotAllowed => ActionResult.Refused(here, MailTexts.InsistNotAllowed),
            _ => ActionResult.Go(here),
        };
    }
}
