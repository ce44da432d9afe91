using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>Marks an endpoint made by <see cref="ConsoleActions"/>.</summary>
internal sealed class ConsoleActionMetadata;

/// <summary>
/// Actions are plain form posts that answer with a redirect, so that they work without script and going back never
/// repeats one. Each carries an antiforgery token and names its permission.
/// </summary>
public static class ConsoleActions
{
    // The longest form has a reason of 500 characters and a token.
    private const int MaxFormBytes = 64 * 1024;

    /// <summary>Maps an action that needs a permission.</summary>
    public static IEndpointConventionBuilder MapAction(
        this IEndpointRouteBuilder routes, string pattern, Permission permission, Func<ActionRequest, Task<ActionResult>> act) =>
        Map(routes, pattern, act).WithMetadata(new RequiresAttribute(permission));

    /// <summary>Maps an action that works without login.</summary>
    public static IEndpointConventionBuilder MapOpenAction(
        this IEndpointRouteBuilder routes, string pattern, Func<ActionRequest, Task<ActionResult>> act) =>
        Map(routes, pattern, act).WithMetadata(new OpenToAllAttribute());

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string pattern, Func<ActionRequest, Task<ActionResult>> act) =>
        routes.MapPost(pattern, http => RunAsync(http, act)).WithMetadata(new ConsoleActionMetadata());

    private static async Task RunAsync(HttpContext http, Func<ActionRequest, Task<ActionResult>> act)
    {
        if (!http.Request.HasFormContentType)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxFormBytes;
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
            await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        }
        catch (Exception e) when (e is AntiforgeryValidationException or InvalidDataException or BadHttpRequestException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var viewer = http.RequestServices.GetRequiredService<Viewer>();
        var result = await act(new ActionRequest(http, viewer, form));
        if (result.Flash is { } flash) http.RequestServices.GetRequiredService<FlashCookie>().Write(http, flash);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = result.Location;
    }
}

/// <summary>What an action is asked to do.</summary>
public sealed class ActionRequest(HttpContext http, Viewer viewer, IFormCollection form)
{
    public HttpContext Http => http;

    public Viewer Viewer => viewer;

    public CancellationToken Aborted => http.RequestAborted;

    public T Service<T>() where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>A part of the path.</summary>
    public string Route(string name) => http.Request.RouteValues[name] as string ?? "";

    /// <summary>A field as typed; empty where it is absent.</summary>
    public string Field(string name) => form[name] is [{ } value, ..] ? value : "";

    /// <summary>A one-line field without blanks around it, cut to a length.</summary>
    public string Line(string name, int maxLength = 500)
    {
        var value = string.Join(' ', Field(name).Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Trim();
        return value.Length <= maxLength ? value : value[..maxLength];
    }

    /// <summary>Where to go afterwards: the form's <c>back</c> where it is a path of this console.</summary>
    public string Back(string fallback) => LocalPath.OrDefault(Field("back"), fallback);
}

/// <summary>How an action ended: where to go next and what to say there.</summary>
public readonly record struct ActionResult(string Location, Flash? Flash)
{
    public static ActionResult Go(string location) => new(location, null);

    public static ActionResult Done(string location, Bilingual text, params IReadOnlyList<string> lines) =>
        new(location, new Flash(FlashKind.Done, text, lines));

    public static ActionResult Refused(string location, Bilingual text) => new(location, new Flash(FlashKind.Refused, text, []));
}

/// <summary>Paths that may be followed after a form was sent.</summary>
internal static class LocalPath
{
    /// <summary>The path where it stays on this console; "//host", "/\host" and "https:…" lead away and do not count.</summary>
    public static string OrDefault(string? path, string fallback) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && path.Length <= 2000 && !path.Any(char.IsControl) ? path : fallback;
}
