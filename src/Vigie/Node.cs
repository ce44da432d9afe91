using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Vigie.Console;
using Vigie.Incidents;
using Vigie.Incidents.Pages;
using Vigie.Operations;
using Vigie.Protection;
using Vigie.Protection.Pages;
using Vigie.Store;
using Vigie.Watches.Domains;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Pages;
using Vigie.Watches.Mail;
using Vigie.Watches.Mail.Pages;

namespace Vigie;

/// <summary>The running node: one process with the store, the watches and the console.</summary>
internal static class Node
{
    /// <summary>Builds the node from validated settings; nothing listens before it is started.</summary>
    public static WebApplication Build(Settings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "vigie", ContentRootPath = AppContext.BaseDirectory });
        // One vigie.yaml: neither appsettings.json nor ASPNETCORE_* variables change what the node does.
        builder.Configuration.Sources.Clear();
        if (settings.Console.Tls is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.AddOperations(settings);

        // The order of the diagram: store, what is protected, watches, incidents, console. Each part has one Add and one Map.
        builder.Services.AddStore(settings.Store);
        builder.Services.AddProtection(settings.Protection);
        builder.Services.AddProtectionPages();
        builder.Services.AddMail(settings);
        builder.Services.AddMailPages();
        builder.Services.AddDomainsWatch(settings);
        builder.Services.AddLogs(settings);
        builder.Services.AddLogPages();
        builder.Services.AddIncidents(settings);
        builder.Services.AddInboxPages();
        builder.Services.AddConsole(settings);

        var app = builder.Build();
        app.MapOperations(settings.Operations);
        app.MapConsole();
        app.MapProtectionPages();
        app.MapMailPages();
        app.MapLogPages();
        app.MapIncidents();
        app.MapInboxPages();
        return app;
    }

    /// <summary>Starts every part, then writes where it listens. A taken port fails here, naming its setting.</summary>
    public static async Task StartAndAnnounceAsync(this WebApplication node, CancellationToken cancellationToken)
    {
        var settings = node.Services.GetRequiredService<Settings>();
        node.Services.GetRequiredService<NodeMetrics>();
        node.Services.GetRequiredService<Operations.Metrics.MetricsCollector>();
        try
        {
            await node.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is AddressInUseException || e.InnerException is AddressInUseException || e is SocketException)
        {
            throw new ListenException("console.listen", settings.Console.Listen.ToString(), e);
        }

        var endpoints = node.Services.GetRequiredService<NodeEndpoints>();
        foreach (var address in node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
            endpoints.Announce("console", address);
        try
        {
            await endpoints.WriteAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk: the node runs, and /readyz says what is wrong with it.
            node.Logger.EndpointsNotWritten(e.Message);
        }

        node.Lifetime.ApplicationStopping.Register(ServiceManager.Stopping);
        node.Lifetime.ApplicationStopped.Register(endpoints.Remove);
        ServiceManager.Ready();
        node.Logger.NodeReady(NodeMetrics.Version, settings.DataDirectory);
    }
}
