using System.Globalization;
using Vigie.Console;

namespace Vigie.Watches.Mail.Pages;

/// <summary>Switching the mode.</summary>
internal static class ModeActions
{
    /// <summary>How long a bypass may be asked for, the first where nobody chooses.</summary>
    public static readonly IReadOnlyList<int> BypassHours = [1, 4, 12, 24, 72];

    public static async Task<ActionResult> SwitchAsync(ActionRequest request)
    {
        if (Query.Name<Mode>(request.Field("mode")) is not { } mode) return ActionResult.Refused("/mode", MailTexts.ModeUnknown);
        var reason = request.Line("reason");
        if (reason.Length == 0) return ActionResult.Refused("/mode", ShellTexts.ReasonMissing);

        TimeSpan? length = null;
        if (mode == Mode.Bypass)
        {
            if (!int.TryParse(request.Field("hours"), NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || !BypassHours.Contains(hours))
                return ActionResult.Refused("/mode", MailTexts.LengthUnknown);
            length = TimeSpan.FromHours(hours);
        }

        await request.Service<MailMode>().SetAsync(mode, request.Viewer.Name, reason, length, request.Aborted);
        return ActionResult.Done("/mode", MailTexts.ModeSwitched);
    }
}
