using System.CommandLine;

namespace Vigie.Commands;

/// <summary><c>vigie domains</c>: look-alikes of the own domains, now and as the node has seen them.</summary>
internal static class DomainsCommand
{
    public static Command Create() => new("domains", "Watch look-alikes of your domains: who has registered them, and new names that imitate them.")
    {
        DomainsCheckCommand.Create(),
        DomainsStatusCommand.Create(),
        DomainsFeedCommand.Create(),
    };
}
