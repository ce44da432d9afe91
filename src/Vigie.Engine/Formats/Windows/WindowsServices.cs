namespace Vigie.Engine.Formats.Windows;

/// <summary>Channels that are a Sigma service and nothing more.</summary>
internal static class WindowsServices
{
    /// <summary>Service, or several by comma, and the channels that carry it.</summary>
    public static (string Service, string[] Channels)[] Table { get; } =
    [
        ("application-experience", ["Microsoft-Windows-Application-Experience/Program-Telemetry", "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant"]),
        ("applocker",
        [
            "Microsoft-Windows-AppLocker/EXE and DLL", "Microsoft-Windows-AppLocker/MSI and Script",
            "Microsoft-Windows-AppLocker/Packaged app-Deployment", "Microsoft-Windows-AppLocker/Packaged app-Execution",
        ]),
        ("appmodel-runtime", ["Microsoft-Windows-AppModel-Runtime/Admin"]),
        ("appxdeployment-server", ["Microsoft-Windows-AppXDeploymentServer/Operational"]),
        ("appxpackaging-om", ["Microsoft-Windows-AppxPackaging/Operational"]),
        ("bitlocker", ["Microsoft-Windows-BitLocker/BitLocker Management"]),
        ("bits-client", ["Microsoft-Windows-Bits-Client/Operational"]),
        ("capi2", ["Microsoft-Windows-CAPI2/Operational"]),
        ("certificateservicesclient-lifecycle-system", ["Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"]),
        ("codeintegrity-operational", ["Microsoft-Windows-CodeIntegrity/Operational"]),
        ("dhcp", ["Microsoft-Windows-DHCP-Server/Operational", "Microsoft-Windows-Dhcp-Server/FilterNotifications", "DhcpAdminEvents"]),
        ("diagnosis-scripted", ["Microsoft-Windows-Diagnosis-Scripted/Operational"]),
        ("dns-server", ["DNS Server"]),
        ("dns-server-analytic", ["Microsoft-Windows-DNS-Server/Analytical", "Microsoft-Windows-DNSServer/Analytical"]),
        ("dns-server-audit", ["Microsoft-Windows-DNS-Server/Audit", "Microsoft-Windows-DNSServer/Audit"]),
        ("driver-framework", ["Microsoft-Windows-DriverFrameworks-UserMode/Operational"]),
        ("firewall-as", ["Microsoft-Windows-Windows Firewall With Advanced Security/Firewall"]),
        ("hyper-v-worker", ["Microsoft-Windows-Hyper-V-Worker", "Microsoft-Windows-Hyper-V-Worker-Admin", "Microsoft-Windows-Hyper-V-Worker-Operational"]),
        ("iis-configuration", ["Microsoft-IIS-Configuration/Operational"]),
        ("kernel-event-tracing", ["Microsoft-Windows-Kernel-EventTracing", "Microsoft-Windows-Kernel-EventTracing/Admin", "Microsoft-Windows-Kernel-EventTracing/Analytic"]),
        ("kernel-shimengine", ["Microsoft-Windows-Kernel-ShimEngine/Operational", "Microsoft-Windows-Kernel-ShimEngine/Diagnostic"]),
        ("ldap", ["Microsoft-Windows-LDAP-Client/Debug"]),
        ("lsa-server", ["Microsoft-Windows-LSA/Operational"]),
        ("ntfs", ["Microsoft-Windows-Ntfs/Operational"]),
        ("ntlm", ["Microsoft-Windows-NTLM/Operational"]),
        ("openssh", ["OpenSSH/Operational"]),
        ("printservice-admin", ["Microsoft-Windows-PrintService/Admin"]),
        ("printservice-operational", ["Microsoft-Windows-PrintService/Operational"]),
        ("security-mitigations", ["Microsoft-Windows-Security-Mitigations/KernelMode", "Microsoft-Windows-Security-Mitigations/UserMode", "Microsoft-Windows-Security-Mitigations/Kernel Mode", "Microsoft-Windows-Security-Mitigations/User Mode"]),
        ("sense", ["Microsoft-Windows-SENSE/Operational"]),
        // The taxonomy renamed this service; published rules still use the older name.
        ("servicebus-client,microsoft-servicebus-client", ["Microsoft-ServiceBus-Client", "Microsoft-ServiceBus-Client/Admin", "Microsoft-ServiceBus-Client/Operational"]),
        ("shell-core", ["Microsoft-Windows-Shell-Core/Operational"]),
        ("smbclient-connectivity", ["Microsoft-Windows-SmbClient/Connectivity"]),
        ("smbclient-security", ["Microsoft-Windows-SmbClient/Security"]),
        ("smbserver-connectivity", ["Microsoft-Windows-SMBServer/Connectivity"]),
        ("taskscheduler", ["Microsoft-Windows-TaskScheduler/Operational"]),
        ("terminalservices-localsessionmanager", ["Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"]),
        ("vhdmp", ["Microsoft-Windows-VHDMP-Operational", "Microsoft-Windows-VHDMP/Operational"]),
        ("wmi", ["Microsoft-Windows-WMI-Activity/Operational"]),
    ];
}
