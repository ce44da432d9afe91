using Microsoft.AspNetCore.Http.HttpResults;
using Vigie.Console.Pages;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Console;

/// <summary>Gives every answer that has a status and no body a page in plain words, in the visitor's language.</summary>
internal sealed class ErrorPages(RequestDelegate next, ILogger<ErrorPages> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        string? incident = null;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (StoreException e) when (!http.Response.HasStarted)
        {
            log.StoreDidNotAnswer(http.Request.Method, http.Request.Path, e.Problem.Text.English);
            Restart(http, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            incident = http.TraceIdentifier;
            log.RequestFailed(http.Request.Method, http.Request.Path, incident, e);
            Restart(http, StatusCodes.Status500InternalServerError);
        }

        var status = http.Response.StatusCode;
        if (status < 400 || http.Response.HasStarted || http.Response.ContentLength is not null || http.Response.ContentType is not null) return;
        if (http.GetEndpoint()?.Metadata.GetMetadata<PlainErrors>() is not null) return;

        var page = new RazorComponentResult<ErrorPage>(new Dictionary<string, object?> { ["Status"] = status, ["Incident"] = incident })
        {
            StatusCode = status,
        };
        http.Response.Headers.Remove("blazor-enhanced-nav"); // A page that failed half-way has set it; setting it twice throws.
        if (incident is null)
        {
            await page.ExecuteAsync(http);
            return;
        }

        // What the page that failed left in its scope must not fail this one too.
        await using var scope = http.RequestServices.CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        await page.ExecuteAsync(http);
    }

    private static void Restart(HttpContext http, int status)
    {
        http.Response.Clear();
        SecurityHeaders.Apply(http);
        http.Response.StatusCode = status;
    }
}

/// <summary>Marks endpoints read by programs, whose errors stay a bare status.</summary>
internal sealed class PlainErrors;
