namespace Vigie.Tests.Formats.Json.Shapes;

public sealed class IdentityShapesTests
{
    /// <summary>https://learn.microsoft.com/graph/api/resources/signin</summary>
    [Fact]
    public void Entra_sign_ins_of_the_graph() => ShapeCase.Check(
        """{"id":"s-1","createdDateTime":"2026-01-02T03:04:05Z","userPrincipalName":"awa@example.org","appDisplayName":"Azure Portal","ipAddress":"192.0.2.7","clientAppUsed":"IMAP","conditionalAccessStatus":"success","riskState":"atRisk","authenticationRequirement":"singleFactorAuthentication","authenticationProtocol":"deviceCode","status":{"errorCode":50074,"failureReason":"Strong Authentication is required."},"deviceDetail":{"deviceId":"","trustType":"","isCompliant":false},"location":{"city":"Bamako","countryOrRegion":"ML"}}""",
        "azure/signinlogs/", "2026-01-02T03:04:05", "id", "ResultType=50074", "ResultDescription=Strong Authentication is required.", "ClientApp=IMAP", "AuthenticationRequirement=singleFactorAuthentication", "RiskState=atRisk", "properties.authenticationRequirement=singleFactorAuthentication", "DeviceDetail.deviceId=", "DeviceDetail.isCompliant=false", "location=ML", "Username=awa@example.org", "Status=Failure");

    /// <summary>https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs</summary>
    [Fact]
    public void Entra_sign_ins_of_the_table() => ShapeCase.Check(
        """{"TimeGenerated":"2026-01-02T03:04:05Z","Id":"s-1","ResultType":"0","ResultDescription":"","AppDisplayName":"Azure Portal","UserPrincipalName":"awa@example.org","AuthenticationRequirement":"singleFactorAuthentication","NetworkLocationDetails":"[]"}""",
        "azure/signinlogs/", "2026-01-02T03:04:05", "Id", "ResultType=0", "Status=Success", "resultType=0", "NetworkLocationDetails=[]");

    /// <summary>https://learn.microsoft.com/graph/api/resources/directoryaudit</summary>
    [Fact]
    public void Entra_audit_of_the_graph() => ShapeCase.Check(
        """{"id":"a-1","category":"RoleManagement","result":"success","activityDisplayName":"Add member to role","activityDateTime":"2026-01-02T03:04:05Z","loggedByService":"Core Directory","initiatedBy":{"user":{"userPrincipalName":"awa@example.org"}},"targetResources":[{"type":"User","userPrincipalName":"new@example.org","modifiedProperties":[{"displayName":"Role.DisplayName","newValue":"\"Global Administrator\""}]}]}""",
        "azure/auditlogs/", "2026-01-02T03:04:05", "id", "Category=RoleManagement", "LoggedByService=Core Directory", "properties.message=Add member to role", "OperationName=Add member to role", "operationName=Add member to role", "targetResources.type=User", "Status=success", "TargetResources.ModifiedProperties.NewValue=\"Global Administrator\"");

    /// <summary>https://learn.microsoft.com/azure/azure-monitor/reference/tables/auditlogs</summary>
    [Fact]
    public void Entra_audit_of_the_table() => ShapeCase.Check(
        """{"TimeGenerated":"2026-01-02T03:04:05Z","Id":"a-1","Category":"UserManagement","OperationName":"Update user","ActivityDisplayName":"Update user","ActivityDateTime":"2026-01-02T03:04:05Z","LoggedByService":"Core Directory","Result":"success","InitiatedBy":{"user":{"userPrincipalName":"awa@example.org"}},"TargetResources":[]}""",
        "azure/auditlogs/", "2026-01-02T03:04:05", "Id", "properties.message=Update user", "category=UserManagement");

    /// <summary>https://learn.microsoft.com/graph/api/resources/riskdetection</summary>
    [Fact]
    public void Entra_risk_detections() => ShapeCase.Check(
        """{"id":"r-1","riskEventType":"anonymizedIPAddress","riskLevel":"medium","riskState":"atRisk","activityDateTime":"2026-01-02T03:04:05Z","detectedDateTime":"2026-01-02T03:05:05Z","ipAddress":"192.0.2.7","userPrincipalName":"awa@example.org"}""",
        "azure/riskdetection/", "2026-01-02T03:04:05", "id", "riskEventType=anonymizedIPAddress");

    /// <summary>https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementalertincident</summary>
    [Fact]
    public void Entra_pim_alerts() => ShapeCase.Check(
        """{"@odata.type":"#microsoft.graph.staleSignInAlertIncident","id":"i-1","assigneeDisplayName":"Awa","roleDisplayName":"Global Administrator","lastSignInDateTime":"2026-01-02T03:04:05Z"}""",
        "azure/pim/", "2026-01-02T03:04:05", "id", "riskEventType=staleSignInAlertIncident");

    /// <summary>https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/</summary>
    [Fact]
    public void Okta() => ShapeCase.Check(
        """{"actor":{"id":"00u","type":"User","alternateId":"awa@example.org"},"eventType":"user.session.start","legacyEventType":"core.user_auth.login_success","displayMessage":"User login to Okta","uuid":"u-1","published":"2026-01-02T03:04:05.678Z","outcome":{"result":"SUCCESS"},"securityContext":{"isProxy":true},"debugContext":{"debugData":{"requestUri":"/x"}},"target":[{"displayName":"Awa"}]}""",
        "okta/okta/", "2026-01-02T03:04:05", "uuid", "eventType=user.session.start", "securityContext.isProxy=true", "target.displayName=Awa", "debugContext.debugData.requestUri=/x");

    /// <summary>https://docs.github.com/en/rest/orgs/orgs#get-the-audit-log-for-an-organization</summary>
    [Fact]
    public void GitHub() => ShapeCase.Check(
        """{"@timestamp":1767323045678,"_document_id":"g-1","action":"repo.destroy","actor":"awa","created_at":1767323045678,"org":"example","repo":"example/x"}""",
        "github/audit/", "2026-01-02T03:04:05", "_document_id", "action=repo.destroy");

    /// <summary>https://confluence.atlassian.com/bitbucketserver/audit-log-events-in-bitbucket-776640423.html</summary>
    [Fact]
    public void Bitbucket() => ShapeCase.Check(
        """{"timestamp":"2026-01-02T03:04:05.678Z","author":{"name":"awa"},"auditType":{"area":"GLOBAL_CONFIG_AND_ADMINISTRATION","category":"Permissions","action":"Global permission granted"},"affectedObjects":[],"source":"192.0.2.7"}""",
        "bitbucket/audit/", "2026-01-02T03:04:05", "", "auditType.category=Permissions", "auditType.action=Global permission granted");

    /// <summary>https://developers.onelogin.com/api-docs/1/events/event-resource</summary>
    [Fact]
    public void OneLogin() => ShapeCase.Check(
        """{"id":42,"created_at":"2026-01-02T03:04:05.678Z","account_id":7,"user_id":9,"event_type_id":532,"ipaddr":"192.0.2.7","actor_user_id":9}""",
        "onelogin/onelogin.events/", "2026-01-02T03:04:05", "id", "event_type_id=532");

    /// <summary>https://duo.com/docs/adminapi#authentication-logs</summary>
    [Fact]
    public void Duo() => ShapeCase.Check(
        """{"access_device":{"ip":"192.0.2.7"},"application":{"key":"K","name":"VPN"},"event_type":"authentication","factor":"not_available","isotimestamp":"2026-01-02T03:04:05.678+00:00","reason":"bypass_user","result":"success","timestamp":1767323045,"txid":"t-1","user":{"name":"awa"}}""",
        "cisco/duo/", "2026-01-02T03:04:05", "txid", "event_type=authentication", "reason=bypass_user");
}
