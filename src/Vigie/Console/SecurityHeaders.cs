namespace Vigie.Console;

/// <summary>The headers that tell a browser what a page of this console never needs.</summary>
internal static class SecurityHeaders
{
    // No inline script or style, nothing from elsewhere, no frames, forms only to ourselves.
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Apply(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // One-time links are secrets in the address: they must not travel on.
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        http.Response.OnStarting(static state =>
        {
            var answer = ((HttpContext)state).Response.Headers;
            // Pages carry addresses and subjects; nothing of them stays in a shared cache or on the disk. Assets say otherwise.
            if (answer.CacheControl.Count == 0) answer.CacheControl = "no-store";
            answer.Remove("blazor-enhanced-nav");
            return Task.CompletedTask;
        }, http);
    }
}
