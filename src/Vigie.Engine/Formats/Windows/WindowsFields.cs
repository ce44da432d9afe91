using System.Collections.Immutable;
using static Vigie.Engine.Formats.Windows.Derivation;

namespace Vigie.Engine.Formats.Windows;

/// <summary>
/// The fields that rules name after Sysmon and that other Windows events carry under other names or in another form.
/// Source: Sigma taxonomy 2.1, "Fields"; Microsoft's documentation of each event.
/// </summary>
internal static class WindowsFields
{
    /// <summary>Every Windows event.</summary>
    public static ImmutableArray<Derivation> Common { get; } = [Alias("ComputerName", "Computer")];

    /// <summary>Providers whose values have no names: forwarders that drop them keep the rendered message, and the other way round.</summary>
    public static Derivation Unnamed { get; } = Alias("Data", "Message");

    /// <summary>NXLog has an <c>EventType</c> of its own and moves Sysmon's here; so spelt in its output.</summary>
    public const string EventTypeMoved = "EventTypeOrignal";

    /// <summary>Sysmon: one field of several hashes.</summary>
    public static ImmutableArray<Derivation> Sysmon { get; } =
    [
        Alias("EventType", EventTypeMoved) with { Besides = true },
        .. HashFields("MD5", "md5", "MD5"),
        .. HashFields("SHA1", "sha1", "SHA1"),
        .. HashFields("SHA256", "sha256", "SHA256"),
        .. HashFields("IMPHASH", "imphash", "Imphash", "IMPHASH"),
    ];

    /// <summary>Every event of the Security channel.</summary>
    public static ImmutableArray<Derivation> Security { get; } = [Alias("SubjectAccountName", "SubjectUserName")];

    /// <summary>Security 4688. Its own <c>ProcessId</c> is the creator's, in hexadecimal.</summary>
    public static ImmutableArray<Derivation> ProcessCreated { get; } =
    [
        Alias("Image", "NewProcessName"),
        Alias("ParentImage", "ParentProcessName"),
        Alias("LogonId", "SubjectLogonId"),
        new("User", ["SubjectUserName", "SubjectDomainName", "SubjectUserSid", "TargetUserName", "TargetDomainName", "TargetUserSid"], WindowsValues.ProcessUser),
        new("ParentProcessId", ["ProcessId"], WindowsValues.Decimal),
        new("ProcessId", ["NewProcessId"], WindowsValues.Decimal, Besides: true),
        new("IntegrityLevel", ["MandatoryLabel"], WindowsValues.IntegrityLevel),
    ];

    /// <summary>Security 4689.</summary>
    public static ImmutableArray<Derivation> ProcessEnded { get; } =
    [
        Alias("Image", "ProcessName"),
        new("User", ["SubjectUserName", "SubjectDomainName", "SubjectUserSid"], WindowsValues.ProcessUser),
    ];

    /// <summary>Security 5156; the source is the side that opened the connection.</summary>
    public static ImmutableArray<Derivation> Connection { get; } =
    [
        new("Image", ["Application"], WindowsValues.DrivePath),
        Alias("ProcessId", "ProcessID"),
        Alias("SourceIp", "SourceAddress"),
        Alias("DestinationIp", "DestAddress"),
        Alias("DestinationPort", "DestPort"),
        new("SourceIsIpv6", ["SourceAddress"], WindowsValues.IsIpv6),
        new("DestinationIsIpv6", ["DestAddress"], WindowsValues.IsIpv6),
        new("Initiated", ["Direction"], WindowsValues.Initiated),
        new("Protocol", ["Protocol"], WindowsValues.Transport, Besides: true),
    ];

    /// <summary>Security 4657, a registry value set or deleted.</summary>
    public static ImmutableArray<Derivation> RegistryValue { get; } =
    [
        Alias("Image", "ProcessName"),
        new("TargetObject", ["ObjectName", "ObjectValueName"], RegistryValues.TargetObject),
        new("Details", ["NewValue", "NewValueType"], RegistryValues.Details),
        new("EventType", ["OperationType"], RegistryValues.EventType, Besides: true),
        new("User", ["SubjectUserName", "SubjectDomainName", "SubjectUserSid"], WindowsValues.ProcessUser),
    ];

    /// <summary>Security 4663 of a file.</summary>
    public static ImmutableArray<Derivation> FileAccess { get; } =
    [
        Alias("FileName", "ObjectName"),
        Alias("Image", "ProcessName"),
        new("User", ["SubjectUserName", "SubjectDomainName", "SubjectUserSid"], WindowsValues.ProcessUser),
    ];

    /// <summary>Defender's names have blanks; rules leave them out.</summary>
    public static ImmutableArray<Derivation> Defender { get; } =
    [
        Alias("ThreatName", "Threat Name"),
        Alias("ProcessName", "Process Name"),
        Alias("SourceName", "Source Name"),
        Alias("NewValue", "New Value"),
        Alias("OldValue", "Old Value"),
        Alias("Feature_Name", "Feature Name"),
        Alias("FeatureName", "Feature Name"),
        Alias("SeverityName", "Severity Name"),
        Alias("CategoryName", "Category Name"),
        Alias("ActionName", "Action Name"),
        Alias("DetectionUser", "Detection User"),
    ];

    /// <summary>Defender's threats in the terms of the category <c>antivirus</c>.</summary>
    public static ImmutableArray<Derivation> DefenderThreat { get; } =
    [
        Alias("Signature", "Threat Name"),
        Alias("Filename", "Path"),
        Alias("Action", "Action Name"),
        Alias("User", "Detection User"),
    ];

    /// <summary>The kernel's file events that name a path where Sysmon's say <c>TargetFilename</c>.</summary>
    public static ImmutableArray<Derivation> KernelFilePath { get; } =
    [
        Alias("TargetFilename", "FilePath"),
        Alias("TargetFilename", "FileName"),
        Alias("FileName", "FilePath"),
    ];

    /// <summary>The names that derivations read: a catalog must have them.</summary>
    public static IEnumerable<string> Sources =>
        WindowsChannels.Kinds.SelectMany(k => k.Derivations.SelectMany(d => d.Sources).Concat(k.Variants.Select(v => v.Field))).Distinct();

    private static IEnumerable<Derivation> HashFields(string algorithm, params string[] names) =>
        names.Select(name => new Derivation(name, ["Hashes"], (record, target, sources) => WindowsValues.Hash(record, target, sources[0], algorithm)));
}
