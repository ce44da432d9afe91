using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Vigie.Governance;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>The console: pages rendered on the server, working without script.</summary>
internal static class ConsoleModule
{
    public static IServiceCollection AddConsole(this IServiceCollection services, Settings settings)
    {
        var console = settings.Console;
        services.AddSingleton(console);
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ConsoleServer>();
        if (console.Tls is { } tls)
        {
            services.AddSingleton(provider => new CertificateFiles(
                tls, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CertificateFiles>>()));
            services.AddHealthChecks().AddCheck<CertificateHealth>("console.certificate");
        }

        services.AddDataProtection().SetApplicationName("vigie")
            .PersistKeysToFileSystem(KeyDirectory.Prepare(console.KeyDirectory));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = console.RequiresTls ? "__Host-vigie-form" : "vigie-form";
            options.Cookie.Path = "/";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = console.RequiresTls ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            options.FormFieldName = "form-token";
            options.SuppressXFrameOptionsHeader = true;
        });
        // What compression leaks to somebody who can make a browser send requests with our cookies does not apply:
        // the cookies are SameSite, and the form tokens differ on every page.
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html"];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.AddRateLimiter(RateLimits.Configure);
        // "é" stays "é": pages are UTF-8, and French ones would grow by a tenth.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddRazorComponents();
        // The keys lie in a folder only the node's user may open; on a machine without a key store there is nothing to wrap them with.
        services.Configure<LoggerFilterOptions>(options =>
            options.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));

        services.AddSingleton<Assets>();
        services.AddSingleton<RuleNames>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<FlashCookie>();
        services.AddSingleton<PendingLogin>();
        services.AddSingleton<HealthProbe>();
        services.AddSingleton(new OverviewPanel(typeof(SourcesTrouble), Permission.ReadHealth, 20));
        services.AddSingleton(new OverviewPanel(typeof(SourcesPanel), Permission.ReadHealth, 60));
        services.AddSingleton(new OverviewPanel(typeof(HealthSummary), Permission.ReadHealth, 90));
        services.AddSingleton<ConsoleLinks>();
        services.AddScoped<Viewer>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<AccountLinks>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<Logins>();
        services.AddSingleton<IReadyNotice, SetUpLink>();
        foreach (var page in ConsolePages.Own) services.AddSingleton(page);
        foreach (var act in JournalTexts.Acts) services.AddSingleton(act);
        return services;
    }

    /// <summary>The console's part of the request path, in the order a request meets it, and its end points.</summary>
    public static void MapConsole(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ConsoleSettings>();
        app.Use((http, next) =>
        {
            SecurityHeaders.Apply(http);
            return next(http);
        });
        if (settings.TrustedProxies.Count > 0) app.UseForwardedHeaders(Forwarded(settings));
        app.UseResponseCompression();
        app.UseMiddleware<ErrorPages>();
        app.UseRateLimiter();
        app.UseMiddleware<Gate>();
        app.UseAntiforgery();

        var assets = app.Services.GetRequiredService<Assets>();
        app.MapMethods("/assets/{name}", ["GET", "HEAD"], assets.ServeAsync).WithMetadata(new OpenToAllAttribute());
        // Pages only read; what changes something is an action. Without this both would answer a POST to one path.
        app.MapRazorComponents<App>().Finally(page =>
        {
            foreach (var methods in page.Metadata.OfType<IHttpMethodMetadata>().ToList()) page.Metadata.Remove(methods);
            page.Metadata.Add(new HttpMethodMetadata(["GET", "HEAD"]));
        });
        app.MapLogin();
        app.MapAccounts();
        app.MapProfile();
    }

    private static ForwardedHeadersOptions Forwarded(ConsoleSettings settings)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = settings.TrustedProxies.Count,
        };
        // The framework's defaults trust loopback; here only the named ones are trusted.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in settings.TrustedProxies) options.KnownProxies.Add(proxy);
        return options;
    }
}
