namespace Vigie.Engine.Formats.Windows;

/// <summary>
/// What Sysmon's event numbers are in Sigma's terms. Sources: Sysmon's documentation, "Events"; Sigma taxonomy 2.1,
/// "Windows Folder" and "Linux Folder".
/// </summary>
internal static class SysmonEvents
{
    /// <summary>Sysmon for Windows.</summary>
    public static WindowsChannel Windows() => Common("windows")
        .On(2, "file_change")
        .On(6, "driver_load")
        .On(7, "image_load")
        .On(8, "create_remote_thread")
        // One number for keys made and keys or values deleted; the field says which, and where it is lost both apply.
        .On(12, ["registry_event", "registry_add", "registry_delete"], ["EventType", WindowsFields.EventTypeMoved],
        [
            ("CreateKey", ["registry_event", "registry_add"]),
            ("DeleteKey", ["registry_event", "registry_delete"]),
            ("DeleteValue", ["registry_event", "registry_delete"]),
        ])
        .On(13, ["registry_event", "registry_set"], [])
        .On(14, ["registry_event", "registry_rename"], [])
        .On(15, "create_stream_hash")
        .On([17, 18], ["pipe_created"], [])
        .On([19, 20, 21], ["wmi_event"], [])
        .On(22, "dns_query")
        .On(24, ["clipboard_capture", "clipboard_change"], [])
        .On(25, "process_tampering")
        .On(26, ["file_delete_detected", "file_delete"], [])
        .On(27, "file_block_executable")
        .On(28, "file_block_shredding")
        .On(29, "file_executable_detected")
        .Build();

    /// <summary>Sysmon for Linux, which has the numbers it shares with Windows.</summary>
    public static WindowsChannel Linux() => Common("linux").Build();

    private static WindowsChannelBuilder Common(string product) => new WindowsChannelBuilder(product, ["sysmon"], [.. WindowsFields.Common, .. WindowsFields.Sysmon])
        .On(1, "process_creation")
        .On(3, "network_connection")
        .On([4, 16], ["sysmon_status"], [])
        .On(5, "process_termination")
        .On(9, "raw_access_thread")
        .On(10, "process_access")
        .On(11, "file_event")
        .On(23, "file_delete")
        .On(255, "sysmon_error");
}
