using Vigie.Operations;

namespace Vigie.Watches.Domains;

/// <summary>The <c>domains:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record DomainsSettings
{
    internal static DomainsSettings Read(SettingsSection section) => new();
}
