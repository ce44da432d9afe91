using System.Collections.Immutable;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// The spellings in which public rules name the fields of Microsoft's cloud logs: as the Graph API (<c>appDisplayName</c>),
/// as the tables of Log Analytics (<c>AppDisplayName</c>) and as diagnostic records (<c>properties.appDisplayName</c>).
/// Whichever a log has, the others are added.
/// Sources: Microsoft Graph reference (signIn, directoryAudit, riskDetection); Azure Monitor reference, tables SigninLogs,
/// AuditLogs, AADUserRiskEvents, AzureActivity.
/// </summary>
internal static class AzureNames
{
    private const string Properties = "properties.";

    private static readonly AliasTable Special = new(
        "status.errorCode = ResultType, resultType, properties.status.errorCode",
        "status.failureReason = ResultDescription, Resultdescription, resultDescription, failure_status_reason",
        "status.additionalDetails = Status.additionalDetails",
        "resultType = ResultType", "resultDescription = Resultdescription",
        "userPrincipalName = Username, UserPrincipalName", "clientAppUsed = ClientApp", "ipAddress = callerIpAddress, CallerIpAddress, IPAddress",
        "callerIpAddress = ipAddress, IPAddress",
        "deviceDetail.trustType = DeviceDetail.trusttype", "location.countryOrRegion = location, Location",
        "activityDisplayName = properties.message, OperationName, operationName, ActivityType, activityType",
        "operationName = properties.message, ActivityDisplayName, ActivityType, activityType", "category = CategoryValue",
        "initiatedBy.user.userPrincipalName = Initiatied.By, Initiatedby", "targetResources.userPrincipalName = Target", "targetResources.displayName = Target",
        "targetResources.modifiedProperties = TargetResources.ModifiedProperties, TargetResources.modifiedProperties",
        "targetResources.modifiedProperties.displayName = TargetResources.ModifiedProperties.DisplayName",
        "targetResources.modifiedProperties.newValue = TargetResources.ModifiedProperties.NewValue",
        "result = Status, Result", "authenticationProtocol = properties.message",
        "riskType = riskEventType", "eventTimestamp = time");

    /// <summary>The other spellings of a path.</summary>
    public static ImmutableArray<string> Spellings(string path)
    {
        var own = path.StartsWith(Properties, StringComparison.Ordinal) ? path[Properties.Length..] : path;
        if (own.Length == 0) return [];
        var lower = char.ToLowerInvariant(own[0]) + own[1..];
        var upper = char.ToUpperInvariant(own[0]) + own[1..];
        var names = new HashSet<string>(StringComparer.Ordinal) { lower, upper, Properties + lower };
        foreach (var name in Special.Of(lower)) names.Add(name);
        names.Remove(path);
        return [.. names];
    }
}
