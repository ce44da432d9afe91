using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Microsoft Entra sign-ins, from the Graph API or out of the tables of Log Analytics. (Those that come as diagnostic
/// records are <see cref="AzureDiagnosticShape"/>'s.)
/// Sources: Microsoft Graph reference, "signIn resource type"; Azure Monitor reference, table SigninLogs.
/// </summary>
internal sealed class EntraSignInShape : JsonShape
{
    private const int Times = 2;
    private const int ErrorCode = 2;

    private static readonly EventClass Class = EventClass.Of(["azure"], ["signinlogs"], [], "id");
    private static readonly EventClass TableClass = EventClass.Of(["azure"], ["signinlogs"], [], "Id");

    /// <inheritdoc/>
    public override string Id => "azure.signinlogs";

    /// <inheritdoc/>
    public override string Title => "Microsoft Entra sign-ins";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("createdDateTime", "appDisplayName", "status.errorCode"), AllOf("createdDateTime", "clientAppUsed", "userPrincipalName"), AllOf("ResultType", "AppDisplayName", "TimeGenerated"), AllOf("ResultType", "AuthenticationRequirement")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["createdDateTime", "TimeGenerated", "status.errorCode", "ResultType"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => AzureNames.Spellings(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = document.Has(0) ? Class : TableClass;
        document.Record.Time = document.Time(0, Times);
        AddStatus(document, document.Has(ErrorCode) ? document.Value(ErrorCode) : document.Value(ErrorCode + 1));
    }

    /// <summary>Rules ask for the word that the portal shows: <c>Success</c> for the code 0.</summary>
    public static void AddStatus(in JsonDocumentView document, ReadOnlySpan<byte> errorCode)
    {
        if (errorCode.Length == 0) return;
        document.Derive("Status", errorCode.SequenceEqual("0"u8) ? "Success"u8 : "Failure"u8);
        document.Derive("ActivityDetails", "Sign-ins"u8);
    }
}
