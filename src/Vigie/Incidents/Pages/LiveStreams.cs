using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Vigie.Console;
using Vigie.Governance;

namespace Vigie.Incidents.Pages;

/// <summary>
/// Tells open pages which incidents changed, as server-sent events (HTML Living Standard §9.2). A page that gets none works as
/// well: it shows what was so when it was loaded.
/// </summary>
internal sealed class LiveStreams(IncidentChanges changes, InboxFigures figures, Sessions sessions, SessionCookie cookie, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>The most streams of one account: as many as somebody has pages in sight.</summary>
    public const int MostOfAccount = 6;

    /// <summary>The most streams at all.</summary>
    public const int Most = 200;

    private const int MostNumbers = 200;

    // A proxy closes what is silent for a minute; and a session that is over ends its streams no later than this.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(25);

    // What changes in a burst is told at once.
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private int _total;

    /// <summary>How many streams are open.</summary>
    public int Open => Volatile.Read(ref _total);

    public static Task ServeAsync(HttpContext http) => http.RequestServices.GetRequiredService<LiveStreams>().StreamAsync(http);

    private async Task StreamAsync(HttpContext http)
    {
        var account = http.RequestServices.GetRequiredService<Viewer>().Account!.Id;
        if (!Enter(account))
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = "60";
            return;
        }

        // A node that stops does not wait for those who look on.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(http, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The page was closed, or the node stops.
        }
        finally
        {
            Leave(account);
        }
    }

    private async Task SendAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var subscription = changes.Subscribe();
        await WriteAsync(http, await MessageAsync(new IncidentChange([], false), ct), ct);
        while (true)
        {
            if (await NextAsync(subscription, ct) is not { } change)
            {
                if (cookie.Read(http) is not { } token || await sessions.FindAsync(token, ct, isUse: false) is null) return;
                await WriteAsync(http, ":\n\n", ct);
                continue;
            }

            await WriteAsync(http, await MessageAsync(change, ct), ct);
            await Task.Delay(Gather, time, ct);
        }
    }

    private async Task<IncidentChange?> NextAsync(IncidentChanges.Subscription subscription, CancellationToken ct)
    {
        using var beat = new CancellationTokenSource(Beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, beat.Token);
        try
        {
            return await subscription.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<string> MessageAsync(IncidentChange change, CancellationToken ct)
    {
        var waiting = await figures.CountNewAsync(ct);
        var everything = change.Everything || change.Incidents.Length > MostNumbers;
        var numbers = everything ? "" : string.Join(',', change.Incidents.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture, $"event: incidents\ndata: {{\"new\":{waiting},\"changed\":[{numbers}],\"everything\":{(everything ? "true" : "false")}}}\n\n");
    }

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken ct)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await http.Response.Body.FlushAsync(ct);
    }

    private bool Enter(string account)
    {
        var total = Interlocked.Increment(ref _total);
        var own = _open.AddOrUpdate(account, 1, (_, open) => open + 1);
        if (total <= Most && own <= MostOfAccount) return true;
        Leave(account);
        return false;
    }

    private void Leave(string account)
    {
        Interlocked.Decrement(ref _total);
        _open.AddOrUpdate(account, 0, (_, open) => open - 1);
    }
}
