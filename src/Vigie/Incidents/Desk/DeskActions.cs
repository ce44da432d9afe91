using Microsoft.AspNetCore.Http.HttpResults;
using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Incidents.Pages;

namespace Vigie.Incidents.Desk;

/// <summary>
/// The forms of the desk. Each carries <c>version</c>, the version of the incident that the person saw. What is done leads back to the
/// incident (or to the form's <c>back</c>); what is not done answers with a page that has the person's input still in a form.
/// </summary>
internal static class DeskActions
{
    // Room for a text of a million characters, so that somebody who pastes one is told how many fit.
    private const int TextBytes = 4 * 1024 * 1024;

    // Files somewhat beyond the limit are read, so that the answer is a sentence and not a broken connection.
    private const int FileBytes = 3 * IncidentDesk.MaxAttachment;

    public static void MapDesk(this IEndpointRouteBuilder routes)
    {
        void Map(DeskForm form, Func<ActionRequest, ActOn, Task<DeskOutcome>> act, Bilingual done, string anchor = "", int bytes = 64 * 1024) =>
            routes.MapAction($"{InboxPages.List}/{{id}}/{form.Path}", Permission.WorkOnIncidents, request => RunAsync(request, form, act, done, anchor), bytes);

        Map(DeskForm.Assign, (r, on) => Desk(r).AssignAsync(on, r.Line("assignee", 100) is { Length: > 0 } name ? name : null, r.Aborted), DeskTexts.Assigned);
        Map(DeskForm.Status, (r, on) => Query.Name<IncidentStatus>(r.Field("status")) is { } status ? Desk(r).SetStatusAsync(on, status, r.Aborted) : No(DeskTexts.StatusUnknown), DeskTexts.StatusSet);
        Map(DeskForm.Verdict, (r, on) => Query.Name<IncidentVerdict>(r.Field("verdict")) is { } verdict ? Desk(r).JudgeAsync(on, verdict, r.Field("reason").Trim(), r.Aborted) : No(DeskTexts.VerdictUnknown), DeskTexts.Judged, bytes: TextBytes);
        Map(DeskForm.UndoVerdict, (r, on) => Desk(r).UndoVerdictAsync(on, r.Field("reason").Trim(), r.Aborted), DeskTexts.VerdictTakenBack, bytes: TextBytes);
        Map(DeskForm.Rename, (r, on) => Desk(r).RenameAsync(on, r.Line("title", TextBytes), r.Aborted), DeskTexts.Renamed, bytes: TextBytes);
        Map(DeskForm.Comment, (r, on) => Desk(r).CommentAsync(on, r.Field("text"), r.Aborted), DeskTexts.Commented, "#comments", TextBytes);
        Map(DeskForm.AddTask, (r, on) => Desk(r).AddTaskAsync(on, r.Line("text", TextBytes), r.Aborted), DeskTexts.TaskAdded, "#tasks", TextBytes);
        Map(DeskForm.Plain("tasks/{part}/done", DeskTexts.DoTask), (r, on) => Part(r) is { } task ? Desk(r).SetTaskAsync(on, task, true, r.Aborted) : No(DeskTexts.NoSuchTask), DeskTexts.TaskDone, "#tasks");
        Map(DeskForm.Plain("tasks/{part}/reopen", DeskTexts.ReopenTask), (r, on) => Part(r) is { } task ? Desk(r).SetTaskAsync(on, task, false, r.Aborted) : No(DeskTexts.NoSuchTask), DeskTexts.TaskReopened, "#tasks");
        Map(DeskForm.Plain("files", IncidentTexts.Attach), AttachAsync, DeskTexts.Attached, "#files", FileBytes);
        Map(DeskForm.Plain("files/{part}/detach", IncidentTexts.Remove), (r, on) => Part(r) is { } file ? Desk(r).DetachAsync(on, file, r.Aborted) : No(DeskTexts.NoSuchFile), DeskTexts.Detached, "#files");
        Map(DeskForm.Merge, (r, on) => Query.Number(r.Line("into", 30).TrimStart('#').Trim()) is { } into ? Desk(r).MergeAsync(on, into, r.Aborted) : No(DeskTexts.NumberMissing), DeskTexts.MergedNow);
        Map(DeskForm.Split, (r, on) => Desk(r).SplitAsync(on, [.. r.Fields("finding").Select(id => new FindingId(id))], r.Aborted), DeskTexts.SplitNow, bytes: 512 * 1024);
        Map(DeskForm.Plain("proposals/{part}/accept", DeskTexts.Accept), (r, on) => Part(r) is { } proposal ? Desk(r).AcceptAsync(on, proposal, r.Aborted) : No(DeskTexts.NoSuchProposal), DeskTexts.Accepted);
        Map(DeskForm.Plain("proposals/{part}/decline", DeskTexts.Decline), (r, on) => Part(r) is { } proposal ? Desk(r).DeclineAsync(on, proposal, r.Aborted) : No(DeskTexts.NoSuchProposal), DeskTexts.Declined);
        routes.MapAction($"{InboxPages.List}/bulk", Permission.WorkOnIncidents, DeskBulk.RunAsync, 512 * 1024);
        routes.MapGet($"{InboxPages.List}/{{id}}/files/{{part}}", SendFileAsync).WithMetadata(new RequiresAttribute(Permission.ReadIncidents));
    }

    private static async Task<ActionResult> RunAsync(ActionRequest request, DeskForm form, Func<ActionRequest, ActOn, Task<DeskOutcome>> act, Bilingual done, string anchor)
    {
        var on = new ActOn(Query.Number(request.Route("id")) ?? 0, Query.Number(request.Field("version")) ?? 0, request.Viewer.Name);
        var outcome = await act(request, on);
        if (outcome is not DeskOutcome.Done finished) return Show(request, form, on, outcome);
        var here = CaseLinks.To(finished.Incident, anchor);
        return ActionResult.Done(finished.Incident == on.Incident ? request.Back(here) : here, DeskTexts.With(done, finished.Meanwhile));
    }

    private static ActionResult Show(ActionRequest request, DeskForm form, ActOn on, DeskOutcome outcome) =>
        ActionResult.Show(new RazorComponentResult<DeskAnswer>(new Dictionary<string, object?>
        {
            [nameof(DeskAnswer.Outcome)] = outcome,
            [nameof(DeskAnswer.Form)] = form with { Path = form.Path.Replace("{part}", Uri.EscapeDataString(request.Route("part")), StringComparison.Ordinal) },
            [nameof(DeskAnswer.Incident)] = on.Incident,
            [nameof(DeskAnswer.Version)] = on.Version,
            [nameof(DeskAnswer.Values)] = form.Fields.ToDictionary(field => field.Name, field => request.Fields(field.Name), StringComparer.Ordinal),
            [nameof(DeskAnswer.Back)] = request.Field("back"),
        })
        {
            StatusCode = outcome switch
            {
                DeskOutcome.ChangedMeanwhile => StatusCodes.Status409Conflict,
                DeskOutcome.Gone => StatusCodes.Status410Gone,
                _ => StatusCodes.Status422UnprocessableEntity,
            },
        });

    private static async Task<DeskOutcome> AttachAsync(ActionRequest request, ActOn on)
    {
        if (request.File("file") is not { } file) return new DeskOutcome.Invalid(DeskTexts.FileMissing);
        if (file.Length > IncidentDesk.MaxAttachment) return new DeskOutcome.Invalid(DeskTexts.FileTooLarge(IncidentDesk.MaxAttachment));
        using var content = new MemoryStream((int)file.Length);
        await file.CopyToAsync(content, request.Aborted);
        return await Desk(request).AttachAsync(on, file.FileName, content.ToArray(), request.Aborted);
    }

    // Whatever the file is: a browser saves it. A sandbox of its own is the second lock, should one open it all the same.
    private static async Task SendFileAsync(HttpContext http)
    {
        var (id, part) = (http.Request.RouteValues["id"] as string ?? "", http.Request.RouteValues["part"] as string ?? "");
        var found = Query.Number(id) is { } incident && Query.Number(part) is { } attachment
            ? await http.RequestServices.GetRequiredService<IncidentDesk>().ReadAttachmentAsync(incident, attachment, http.RequestAborted)
            : null;
        if (found is not { } sent)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = sent.File.MediaType;
        http.Response.ContentLength = sent.Content.Length;
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
        var disposition = new Microsoft.Net.Http.Headers.ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(sent.File.Name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        await http.Response.Body.WriteAsync(sent.Content, http.RequestAborted);
    }

    private static IncidentDesk Desk(ActionRequest request) => request.Service<IncidentDesk>();

    private static long? Part(ActionRequest request) => Query.Number(request.Route("part"));

    private static Task<DeskOutcome> No(Bilingual why) => Task.FromResult<DeskOutcome>(new DeskOutcome.Invalid(why));
}
