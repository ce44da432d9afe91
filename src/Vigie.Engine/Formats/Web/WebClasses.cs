using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Web;

/// <summary>The log sources of requests.</summary>
internal static class WebClasses
{
    /// <summary>A request to an Apache server or one that logs like it; nginx writes the same lines.</summary>
    public static EventClass Access { get; } = EventClass.Of(["apache", "nginx"], ["access"], ["webserver"]);

    /// <summary>A request through a proxy that logs like Apache or in its own way.</summary>
    public static EventClass Squid { get; } = EventClass.Of(["squid"], ["access"], ["proxy"]);

    /// <summary>A request to IIS.</summary>
    public static EventClass Iis { get; } = EventClass.Of(["windows", "iis"], ["iis"], ["webserver"]);

    /// <summary>A request in W3C form to a server that does not say who it is.</summary>
    public static EventClass W3cServer { get; } = EventClass.Of([], [], ["webserver"]);

    /// <summary>A request in W3C form through a proxy.</summary>
    public static EventClass W3cProxy { get; } = EventClass.Of([], [], ["proxy"]);

    /// <summary>A line of the Windows firewall's own log.</summary>
    public static EventClass WindowsFirewall { get; } = EventClass.Of(["windows"], ["firewall"], ["firewall"]);

    /// <summary>A line of Exchange's transport or protocol logs.</summary>
    public static EventClass Exchange { get; } = EventClass.Of(["exchange"], ["exchange"], ["mail"]);

    /// <summary>A line of Apache's error log.</summary>
    public static EventClass ApacheError { get; } = EventClass.Of(["apache"], ["apache", "error"], ["application"]);

    /// <summary>A line of nginx's error log.</summary>
    public static EventClass NginxError { get; } = EventClass.Of(["nginx"], ["nginx", "error"], ["application"]);
}
