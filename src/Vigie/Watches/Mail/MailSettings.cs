using Vigie.Operations;

namespace Vigie.Watches.Mail;

/// <summary>The <c>mail:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record MailSettings
{
    internal static MailSettings Read(SettingsSection section, string dataDirectory) => new();
}
