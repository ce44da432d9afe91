using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// The unified audit log of Microsoft 365, as the Management Activity API gives it and as <c>AuditData</c> holds it. Rules on
/// alerts name the workload <c>eventSource</c>, the alert <c>eventName</c> and ask for the status <c>success</c>, after an
/// older form of these records.
/// Source: Microsoft, "Office 365 Management Activity API schema".
/// </summary>
internal sealed class M365AuditShape : JsonShape
{
    private const int Workload = 2;
    private const int ResultStatus = 3;
    private const int Status = 4;

    private static readonly EventClass Plain = Of();
    private static readonly EventClass Alerts = Of("threat_management", "threat_detection");

    private static readonly ByteKeys<EventClass> Classes = new(
    [
        new("Exchange", Of("exchange")), new("SharePoint", Of("sharepoint")), new("OneDrive", Of("onedrive")), new("MicrosoftTeams", Of("teams")),
        new("AzureActiveDirectory", Of("azuread")), new("SecurityComplianceCenter", Alerts), new("ThreatIntelligence", Alerts),
        new("CloudAppSecurity", Alerts), new("MicrosoftDefenderForEndpoint", Alerts),
    ]);

    private static readonly AliasTable Further = new(
        "Operation = eventName", "Operations = Operation, eventName", "Name = eventName", "Workload = eventSource", "UserIds = UserId",
        "ExtendedProperties.RequestType = RequestType", "ClientIP = src_ip", "ActorIpAddress = src_ip", "Data = Payload");

    /// <inheritdoc/>
    public override string Id => "m365.audit";

    /// <inheritdoc/>
    public override string Title => "Microsoft 365 unified audit";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("CreationTime", "Operation", "Workload"), AllOf("CreationTime", "Operation", "RecordType"), AllOf("CreationDate", "Operations", "RecordType")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["CreationTime", "CreationDate", "Workload", "ResultStatus", "Status"];

    /// <inheritdoc/>
    public override JsonName Name(string path) => path switch
    {
        "ExtendedProperties.Name" or "Parameters.Name" or "OperationProperties.Name" => JsonName.PairName,
        "ExtendedProperties.Value" or "Parameters.Value" or "OperationProperties.Value" => JsonName.PairValue,
        _ => JsonName.Kept,
    };

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    // An operation that was recorded without a result took place; alerts carry the alert's own state there.
    private static void AddStatus(in JsonDocumentView document)
    {
        var result = document.Value(document.Has(ResultStatus) ? ResultStatus : Status);
        var failed = Ascii.EqualsIgnoreCase(result, "Failed"u8) || Ascii.EqualsIgnoreCase(result, "False"u8) || Ascii.EqualsIgnoreCase(result, "Failure"u8) || Ascii.EqualsIgnoreCase(result, "Error"u8);
        document.Derive("status", failed ? "failure"u8 : "success"u8);
    }

    private static EventClass Of(params ReadOnlySpan<string> services) => EventClass.Of(["m365"], ["audit", .. services], [], "Id");

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Classes.Find(document.Value(Workload)) ?? Plain;
        document.Record.Time = document.Time(0, 2);
        AddStatus(document);
    }
}
