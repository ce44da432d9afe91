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
    // Most forms have a reason of 500 characters and a token.
    private const int MaxFormBytes = 64 * 1024;

    /// <summary>Maps an action that needs a permission.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="permission">Who may.</param>
    /// <param name="act">What is done.</param>
    /// <param name="maxBytes">The largest form that is read, files included; it is held in memory.</param>
    public static IEndpointConventionBuilder MapAction(
        this IEndpointRouteBuilder routes, string pattern, Permission permission, Func<ActionRequest, Task<ActionResult>> act, int maxBytes = MaxFormBytes) =>
        Map(routes, pattern, act, maxBytes).WithMetadata(new RequiresAttribute(permission));

    /// <summary>Maps an action that works without login.</summary>
    public static IEndpointConventionBuilder MapOpenAction(
        this IEndpointRouteBuilder routes, string pattern, Func<ActionRequest, Task<ActionResult>> act) =>
        Map(routes, pattern, act, MaxFormBytes).WithMetadata(new OpenToAllAttribute());

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string pattern, Func<ActionRequest, Task<ActionResult>> act, int maxBytes) =>
        routes.MapPost(pattern, http => RunAsync(http, act, maxBytes)).WithMetadata(new ConsoleActionMetadata());

    private static async Task RunAsync(HttpContext http, Func<ActionRequest, Task<ActionResult>> act, int maxBytes)
    {
        if (!http.Request.HasFormContentType)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = maxBytes;
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(Limits(maxBytes), http.RequestAborted);
            await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        catch (Exception e) when (e is AntiforgeryValidationException or InvalidDataException or IOException)
        {
            // A form that ends before its end is none: nothing of it is done.
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var viewer = http.RequestServices.GetRequiredService<Viewer>();
        var result = await act(new ActionRequest(http, viewer, form));
        if (result.Page is { } page)
        {
            await page.ExecuteAsync(http);
            return;
        }

        if (result.Flash is { } flash) http.RequestServices.GetRequiredService<FlashCookie>().Write(http, flash);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = result.Location;
    }

    // Everything is read into memory, so that no file of somebody's form is left on the disk.
    private static FormOptions Limits(int maxBytes) => new()
    {
        BufferBodyLengthLimit = maxBytes,
        MemoryBufferThreshold = maxBytes,
        MultipartBodyLengthLimit = maxBytes,
        ValueLengthLimit = maxBytes,
    };
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

    /// <summary>All values of a field that may be there several times, in their order.</summary>
    public IReadOnlyList<string> Fields(string name) => [.. form[name].OfType<string>()];

    /// <summary>A file that came with the form; null where none did.</summary>
    public IFormFile? File(string name) => form.Files.GetFile(name);

    /// <summary>A one-line field without blanks around it, cut to a length.</summary>
    public string Line(string name, int maxLength = 500)
    {
        var value = string.Join(' ', Field(name).Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Trim();
        return value.Length <= maxLength ? value : value[..maxLength];
    }

    /// <summary>Where to go afterwards: the form's <c>back</c> where it is a path of this console.</summary>
    public string Back(string fallback) => LocalPath.OrDefault(Field("back"), fallback);
}

/// <summary>How an action ended: where to go next and what to say there, or a page in answer where what was typed must not be lost.</summary>
public readonly record struct ActionResult(string Location, Flash? Flash, IResult? Page = null)
{
    /// <summary>Answers with a page instead of leading somewhere: nothing was done.</summary>
    public static ActionResult Show(IResult page) => new("", null, page);

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
