using Vigie.Operations;

namespace Vigie.Console;

/// <summary>The <c>console:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record ConsoleSettings
{
    internal static ConsoleSettings Read(SettingsSection section, string dataDirectory) => new();
}
