using System.Globalization;
using Vigie.Console;
using Vigie.Governance;
using Vigie.Incidents.Pages;

namespace Vigie.Incidents.Case;

/// <summary>The forms by which incidents are taken along.</summary>
internal static class CaseExportActions
{
    public static void MapCaseExports(this IEndpointRouteBuilder routes)
    {
        routes.MapAction("/incidents/{id}/export/print", Permission.WorkOnIncidents, request => ExportAsync(request, "print", (_, incident, _) => ActionResult.Go(CaseLinks.To(incident.Id, "/print"))));
        routes.MapAction("/incidents/{id}/export/json", Permission.WorkOnIncidents, request => ExportAsync(request, "json", (exports, incident, evidence) => ActionResult.Show(
            new Sent(FileName(incident, "json"), "application/json", (output, ct) => exports.WriteJsonAsync(output, incident, request.Viewer.Name, evidence, ct)))));
        routes.MapAction("/incidents/{id}/export/stix", Permission.WorkOnIncidents, request => ExportAsync(request, "stix", (exports, incident, evidence) => ActionResult.Show(
            new Sent(FileName(incident, "stix.json"), "application/stix+json;version=2.1", async (output, ct) => await (await exports.StixAsync(incident, evidence, ct)).WriteAsync(output, ct)))));
    }

    private static async Task<ActionResult> ExportAsync(ActionRequest request, string format, Func<CaseExports, Incident, bool, ActionResult> answer)
    {
        var incident = CaseLinks.Number(request.Route("id")) is { } id ? await request.Service<IncidentCases>().ResolveAsync(id, request.Aborted) : null;
        if (incident is null) return ActionResult.Refused(InboxPages.List, CaseTexts.NoSuch);
        var evidence = format != "print" && (request.Field("evidence") == "true" || request.Http.Request.Query["evidence"] == "true");
        var exports = request.Service<CaseExports>();
        await exports.RecordAsync(incident, request.Viewer.Name, format, evidence, request.Aborted);
        return answer(exports, incident, evidence);
    }

    private static string FileName(Incident incident, string extension) => string.Create(CultureInfo.InvariantCulture, $"incident-{incident.Id}.{extension}");

    // A file that a browser saves, whatever is in it.
    private sealed class Sent(string name, string type, Func<Stream, CancellationToken, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext http)
        {
            http.Response.ContentType = type;
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
            await write(http.Response.Body, http.RequestAborted);
        }
    }
}
