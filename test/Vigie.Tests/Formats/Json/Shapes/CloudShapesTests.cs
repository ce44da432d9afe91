namespace Vigie.Tests.Formats.Json.Shapes;

public sealed class CloudShapesTests
{
    /// <summary>https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html</summary>
    [Theory]
    [InlineData("""{"eventVersion":"1.08","userIdentity":{"type":"Root","arn":"arn:aws:iam::111122223333:root"},"eventTime":"2026-01-02T03:04:05Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","userAgent":"x","requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"MFAUsed":"No"},"eventID":"e-1"}""")]
    [InlineData("""{"version":"0","id":"d-1","detail-type":"AWS Console Sign In via CloudTrail","source":"aws.signin","time":"2026-01-02T03:04:06Z","detail":{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2026-01-02T03:04:05Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"MFAUsed":"No"},"eventID":"e-1"}}""")]
    public void CloudTrail(string json) => ShapeCase.Check(
        json, "aws/cloudtrail/", "2026-01-02T03:04:05", "eventID", "eventName=ConsoleLogin", "userIdentity.type=Root", "responseElements.ConsoleLogin=Success", "additionalEventData.MFAUsed=No", "src_ip=192.0.2.7");

    /// <summary>https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema</summary>
    [Fact]
    public void Azure_activity_log_of_the_api() => ShapeCase.Check(
        """{"caller":"awa@example.org","category":{"value":"Administrative","localizedValue":"Administrative"},"eventTimestamp":"2026-01-02T03:04:05.1Z","eventDataId":"d-1","operationName":{"value":"Microsoft.Network/virtualNetworks/write","localizedValue":"Create or Update Virtual Network"},"resourceId":"/subscriptions/s/x","resourceProviderName":{"value":"Microsoft.Network"},"status":{"value":"Succeeded"}}""",
        "azure/activitylogs/", "2026-01-02T03:04:05", "eventDataId", "operationName=Microsoft.Network/virtualNetworks/write", "CategoryValue=Administrative", "ResourceProviderValue=Microsoft.Network", "ResourceId=/subscriptions/s/x");

    /// <summary>https://learn.microsoft.com/azure/azure-monitor/reference/tables/azureactivity</summary>
    [Fact]
    public void Azure_activity_log_of_the_table() => ShapeCase.Check(
        """{"TimeGenerated":"2026-01-02T03:04:05.1Z","OperationNameValue":"MICROSOFT.PORTAL/CONSOLES/WRITE","CategoryValue":"Administrative","ResourceProviderValue":"MICROSOFT.PORTAL","ActivityStatusValue":"Success","Caller":"awa@example.org","EventDataId":"d-1"}""",
        "azure/activitylogs/", "2026-01-02T03:04:05", "EventDataId", "operationName=MICROSOFT.PORTAL/CONSOLES/WRITE");

    /// <summary>https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs-schema</summary>
    [Theory]
    [InlineData("Administrative", "azure/activitylogs/", "")]
    [InlineData("SignInLogs", "azure/signinlogs/", "properties.id")]
    [InlineData("AuditLogs", "azure/auditlogs/", "properties.id")]
    [InlineData("UserRiskEvents", "azure/riskdetection/", "properties.id")]
    [InlineData("kube-audit", "azure//", "")]
    public void Azure_diagnostic_records_are_told_apart_by_category(string category, string source, string keys) => ShapeCase.Check(
        $$"""{"time":"2026-01-02T03:04:05Z","resourceId":"/TENANTS/T","operationName":"MICROSOFT.PORTAL/CONSOLES/WRITE","category":"{{category}}","resultType":"0","properties":{"id":"p-1","riskEventType":"leakedCredentials","message":"m"} }""",
        source, "2026-01-02T03:04:05", keys, "operationName=MICROSOFT.PORTAL/CONSOLES/WRITE", "riskEventType=leakedCredentials", "properties.message=m", "OperationNameValue=MICROSOFT.PORTAL/CONSOLES/WRITE");

    /// <summary>https://cloud.google.com/logging/docs/audit/understanding-audit-logs</summary>
    [Theory]
    [InlineData("""{"insertId":"i","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-01-02T03:04:05.1Z","resource":{"type":"k8s_cluster"},"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"k8s.io","methodName":"io.k8s.core.v1.pods.create","authorizationInfo":[{"granted":true,"permission":"x"}]}}""")]
    public void Google_cloud_audit(string json) => ShapeCase.Check(
        json, "gcp/gcp.audit/", "2026-01-02T03:04:05", "insertId logName timestamp", "gcp.audit.method_name=io.k8s.core.v1.pods.create", "data.protoPayload.methodName=io.k8s.core.v1.pods.create", "data.protoPayload.resource.type=k8s_cluster", "data.protoPayload.authorizationInfo.granted=true");

    /// <summary>https://cloud.google.com/logging/docs/audit/gsuite-audit-logging</summary>
    [Fact]
    public void Google_workspace_logins_in_google_cloud() => ShapeCase.Check(
        """{"insertId":"i","logName":"organizations/1/logs/cloudaudit.googleapis.com%2Fdata_access","timestamp":"2026-01-02T03:04:05.1Z","protoPayload":{"serviceName":"login.googleapis.com","methodName":"google.login.LoginService.govAttackWarning","metadata":{"event":[{"eventName":"gov_attack_warning","eventType":"attack_warning"}]}}}""",
        "gcp/google_workspace.login/", "2026-01-02T03:04:05", "insertId logName timestamp", "protoPayload.metadata.event.eventName=gov_attack_warning", "protoPayload.serviceName=login.googleapis.com");

    /// <summary>https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list</summary>
    [Fact]
    public void Google_workspace_reports() => ShapeCase.Check(
        """{"kind":"admin#reports#activity","id":{"time":"2026-01-02T03:04:05.1Z","uniqueQualifier":"-7","applicationName":"admin","customerId":"C1"},"actor":{"email":"awa@example.org"},"ipAddress":"192.0.2.7","events":[{"type":"SECURITY_SETTINGS","name":"CHANGE_APPLICATION_SETTING","parameters":[{"name":"SETTING_NAME","value":"ContextAwareAccess x"},{"name":"NEW_VALUE","value":"false"}]}]}""",
        "gcp/google_workspace.admin/", "2026-01-02T03:04:05", "id.applicationName id.uniqueQualifier id.time", "eventName=CHANGE_APPLICATION_SETTING", "eventService=admin.googleapis.com", "setting_name=ContextAwareAccess x", "new_value=false");

    /// <summary>https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema</summary>
    [Theory]
    [InlineData("Exchange", "New-InboxRule", "m365/exchange/")]
    [InlineData("AzureActiveDirectory", "UserLoggedIn", "m365/audit/")]
    [InlineData("SecurityComplianceCenter", "AlertTriggered", "m365/threat_management/")]
    [InlineData("SecurityComplianceCenter", "AlertTriggered", "m365/threat_detection/")]
    [InlineData("ThreatIntelligence", "TIMailData", "m365/audit/")]
    public void Microsoft_365_audit(string workload, string operation, string source) => ShapeCase.Check(
        $$"""{"CreationTime":"2026-01-02T03:04:05","Id":"a-1","Operation":"{{operation}}","OrganizationId":"o","RecordType":1,"ResultStatus":"Succeeded","UserId":"awa@example.org","Workload":"{{workload}}","Name":"Impossible travel activity","Parameters":[{"Name":"ForwardTo","Value":"x@example.net"}],"ExtendedProperties":[{"Name":"RequestType","Value":"Cmsi:Cmsi"}]}""",
        source, "2026-01-02T03:04:05", "Id", $"Operation={operation}", $"eventName={operation}", "eventName=Impossible travel activity", $"eventSource={workload}", "status=success", "ForwardTo=x@example.net", "RequestType=Cmsi:Cmsi");

    /// <summary>https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/</summary>
    [Fact]
    public void Kubernetes_audit() => ShapeCase.Check(
        """{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"u-1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/x/pods","verb":"create","user":{"username":"awa"},"sourceIPs":["192.0.2.7"],"objectRef":{"resource":"pods","namespace":"x","apiGroup":"apps"},"responseStatus":{"code":201},"requestObject":{"spec":{"volumes":[{"hostPath":{"path":"/"}}],"containers":[{"securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}},"requestReceivedTimestamp":"2026-01-02T03:04:04.9Z","stageTimestamp":"2026-01-02T03:04:05.1Z"}""",
        "kubernetes/audit/application", "2026-01-02T03:04:05", "auditID stage", "verb=create", "objectRef.resource=pods", "hostPath=/", "capabilities=SYS_ADMIN", "apiGroup=apps", "responseStatus.code=201");
}
