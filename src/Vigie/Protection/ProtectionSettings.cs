using Vigie.Operations;

namespace Vigie.Protection;

/// <summary>The <c>protection:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record ProtectionSettings
{
    internal static ProtectionSettings Read(SettingsSection section) => new();
}
