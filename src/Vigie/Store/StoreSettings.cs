using Vigie.Operations;

namespace Vigie.Store;

/// <summary>The <c>store:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record StoreSettings
{
    internal static StoreSettings Read(SettingsSection section, string dataDirectory) => new();
}
