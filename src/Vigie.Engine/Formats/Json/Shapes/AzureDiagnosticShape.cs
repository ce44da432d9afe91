using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// What Azure's diagnostic settings send to event hubs and storage accounts: activity log, Entra sign-ins and audit, risk
/// detections, told apart by <c>category</c>; other categories are the resources' own logs.
/// Source: Azure Monitor reference, "Common and service-specific schemas for Azure resource logs"; Microsoft Entra,
/// "Sign-in log schema in Azure Monitor", "Audit log schema in Azure Monitor".
/// </summary>
internal sealed class AzureDiagnosticShape : JsonShape
{
    private const int Category = 2;
    private const int Operation = 3;
    private const int Result = 4;

    private static readonly EventClass SignIns = EventClass.Of(["azure"], ["signinlogs"], [], "properties.id");
    private static readonly EventClass Audit = EventClass.Of(["azure"], ["auditlogs"], [], "properties.id");
    private static readonly EventClass Risk = EventClass.Of(["azure"], ["riskdetection"], [], "properties.id");
    private static readonly EventClass Activity = EventClass.Of(["azure"], ["activitylogs"], []);
    private static readonly EventClass Resource = EventClass.Of(["azure"], [], []);

    private static readonly ByteKeys<EventClass> Classes = new(
    [
        new("SignInLogs", SignIns), new("NonInteractiveUserSignInLogs", SignIns), new("ServicePrincipalSignInLogs", SignIns),
        new("ManagedIdentitySignInLogs", SignIns), new("ADFSSignInLogs", SignIns),
        new("AuditLogs", Audit), new("RiskyUsers", Risk), new("UserRiskEvents", Risk), new("RiskyServicePrincipals", Risk), new("ServicePrincipalRiskEvents", Risk),
        new("Administrative", Activity), new("Security", Activity), new("ServiceHealth", Activity), new("Alert", Activity), new("Autoscale", Activity),
        new("Policy", Activity), new("Recommendation", Activity), new("ResourceHealth", Activity), new("Write", Activity), new("Delete", Activity), new("Action", Activity),
    ]);

    private static readonly AliasTable Activities = new("operationName = OperationNameValue", "resourceId = ResourceId");

    /// <inheritdoc/>
    public override string Id => "azure.diagnostic";

    /// <inheritdoc/>
    public override string Title => "Azure diagnostic records";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } = [AllOf("time", "resourceId", "operationName", "category")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["time", "properties.createdDateTime", "category", "operationName", "resultType", "properties.status.errorCode"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => AzureNames.Spellings(path).AddRange(Activities.Of(path));

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Classes.Find(document.Value(Category)) ?? Resource;
        document.Record.Time = document.Time(0, 2);
        if (ReferenceEquals(document.Record.Class, SignIns)) EntraSignInShape.AddStatus(document, document.Value(document.Has(Result) ? Result : Result + 1));
        // MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE: the resource provider is what comes first.
        var operation = document.Value(Operation);
        var slash = operation.IndexOf((byte)'/');
        if (slash > 0 && ReferenceEquals(document.Record.Class, Activity)) document.Derive("ResourceProviderValue", operation[..slash]);
    }
}
