using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Vigie.Console;
using Vigie.Engine;
using Vigie.Incidents.Pages;

namespace Vigie.Incidents.Desk;

/// <summary>
/// Acts on many rows of the inbox at once. Fields: <c>act</c> is <c>assign</c> or <c>close</c>; <c>seen</c>, as often as there are
/// incidents, is "number:version"; <c>fold</c>, as often as there are folded rows, is "status:milliseconds:detector rule", with the time
/// the row was seen; then <c>assignee</c>, or <c>verdict</c> and <c>reason</c>.
/// </summary>
internal static class DeskBulk
{
    private const int Named = 5;

    /// <summary>What a folded row sends.</summary>
    public static string Fold(string onlyRule, IncidentStatus status, DateTimeOffset seenAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)status}:{seenAt.ToUnixTimeMilliseconds()}:{onlyRule}");

    /// <summary>What a row of one incident sends.</summary>
    public static string Seen(Incident incident) => string.Create(CultureInfo.InvariantCulture, $"{incident.Id}:{incident.Version}");

    public static async Task<ActionResult> RunAsync(ActionRequest request)
    {
        var desk = request.Service<IncidentDesk>();
        var back = request.Back(InboxPages.List);
        var seen = await ChosenAsync(request, desk);
        if (seen.Count == 0) return ActionResult.Refused(back, DeskTexts.NothingChosen);
        if (seen.Count > IncidentDesk.MostAtOnce) return ActionResult.Refused(back, DeskTexts.TooMany(IncidentDesk.MostAtOnce));
        switch (request.Field("act"))
        {
            case "assign":
                var assignee = request.Line("assignee", 100);
                return Answer(back, await desk.AssignManyAsync(seen, request.Viewer.Name, assignee.Length == 0 ? null : assignee, request.Aborted));
            case "close":
                var reason = request.Field("reason").Trim();
                if (Query.Name<IncidentVerdict>(request.Field("verdict")) is not { } verdict) return Again(request, DeskTexts.VerdictUnknown);
                if (reason.Length == 0) return Again(request, DeskTexts.ReasonMissing);
                if (reason.Length > IncidentDesk.MaxReason) return Again(request, DeskTexts.TooLong(IncidentDesk.MaxReason, reason.Length));
                return Answer(back, await desk.JudgeManyAsync(seen, request.Viewer.Name, verdict, reason, request.Aborted));
            default:
                return ActionResult.Refused(back, DeskTexts.ActUnknown);
        }
    }

    private static async Task<IReadOnlyList<(long Incident, long Version)>> ChosenAsync(ActionRequest request, IncidentDesk desk)
    {
        var seen = new List<(long, long)>();
        foreach (var one in request.Fields("seen"))
        {
            if (one.Split(':') is [var id, var version] && Query.Number(id) is { } incident && Query.Number(version) is { } saw) seen.Add((incident, saw));
        }

        foreach (var one in request.Fields("fold"))
        {
            if (one.Split(':', 3) is [var status, var at, var rule] && Query.Number(status) is >= 0 and <= (int)IncidentStatus.Closed and var stands
                && Query.Number(at) is > 0 and < 253_402_300_799_000 and var moment)
                seen.AddRange(await desk.FoldedAsync(rule, (IncidentStatus)stands, DateTimeOffset.FromUnixTimeMilliseconds(moment), request.Aborted));
        }

        return seen;
    }

    private static ActionResult Answer(string back, ManyOutcome outcome)
    {
        var refused = outcome.Refused.GroupBy(one => one.Why).Select(group => (group.Key, Numbers: List([.. group.Select(one => one.Incident)])));
        var text = DeskTexts.ManyDone(outcome.Done.Count);
        if (outcome.Changed.Count > 0) text = DeskTexts.Join(text, DeskTexts.ManyChanged(outcome.Changed.Count, List(outcome.Changed)));
        if (outcome.Gone.Count > 0) text = DeskTexts.Join(text, DeskTexts.ManyGone(outcome.Gone.Count, List(outcome.Gone)));
        foreach (var (why, numbers) in refused.Take(2)) text = DeskTexts.Join(text, DeskTexts.ManyRefused(why, numbers));
        return outcome.Done.Count > 0 ? ActionResult.Done(back, text) : ActionResult.Refused(back, text);
    }

    private static string List(IReadOnlyList<long> numbers) =>
        string.Join(", ", numbers.Take(Named).Select(DeskTexts.Subject)) + (numbers.Count > Named ? " …" : "");

    private static ActionResult Again(ActionRequest request, Bilingual why)
    {
        DeskField Hidden(string name) => new(name, default, DeskFieldKind.Hidden, [], 0);
        var form = DeskForm.Verdict with { Path = "bulk", Fields = [.. DeskForm.Verdict.Fields, Hidden("seen"), Hidden("fold"), Hidden("act")] };
        return ActionResult.Show(new RazorComponentResult<DeskAnswer>(new Dictionary<string, object?>
        {
            [nameof(DeskAnswer.Outcome)] = new DeskOutcome.Invalid(why),
            [nameof(DeskAnswer.Form)] = form,
            [nameof(DeskAnswer.Incident)] = null,
            [nameof(DeskAnswer.Version)] = 0L,
            [nameof(DeskAnswer.Values)] = form.Fields.ToDictionary(field => field.Name, field => request.Fields(field.Name), StringComparer.Ordinal),
            [nameof(DeskAnswer.Back)] = request.Field("back"),
        })
        { StatusCode = StatusCodes.Status422UnprocessableEntity });
    }
}
