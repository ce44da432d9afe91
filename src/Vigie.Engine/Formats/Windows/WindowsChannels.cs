using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Vigie.Engine.Formats.Windows;

/// <summary>
/// Which channel of Windows carries which Sigma services and categories. Channel names compare without case (some
/// forwarders lower them). Sources: Sigma taxonomy 2.1, "Windows Folder"; Microsoft's event documentation for what the
/// Security channel and Defender record; Sysmon's documentation for its event numbers.
/// </summary>
internal static class WindowsChannels
{
    private const int LongestName = 160;

    private static readonly Memo?[] Memos = new Memo?[64];
    private static readonly FrozenDictionary<string, WindowsChannel> Channels = BuildChannels();
    private static readonly FrozenDictionary<string, WindowsChannel> Providers = BuildProviders();
    private static readonly FrozenDictionary<string, WindowsChannel>.AlternateLookup<ReadOnlySpan<char>> ByChannel = Channels.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenDictionary<string, WindowsChannel>.AlternateLookup<ReadOnlySpan<char>> ByProvider = Providers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Windows events of channels that have no service of their own.</summary>
    public static WindowsChannel Other { get; } = Plain([]);

    /// <summary>Every kind of event there is.</summary>
    public static IEnumerable<WindowsEventKind> Kinds => Channels.Values.Concat(Providers.Values).Append(Other).Distinct().SelectMany(c => c.Kinds).Distinct();

    /// <summary>What a channel carries, or null.</summary>
    public static WindowsChannel? OfChannel(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return null;
        // A few are kept as they are written, first come; entries are whole objects, so that threads need no lock.
        ref var memo = ref Memos[(name.Length ^ (name[name.Length / 2] * 7)) % Memos.Length];
        if (memo is { } known && name.SequenceEqual(known.Name)) return known.Channel;
        var found = Find(ByChannel, name);
        if (memo is null && found is not null) memo = new Memo(name.ToArray(), found);
        return found;
    }

    /// <summary>What a provider writes, for events whose channel is missing or belongs to nobody.</summary>
    public static WindowsChannel? OfProvider(ReadOnlySpan<byte> name) => Find(ByProvider, name);

    private static WindowsChannel? Find(FrozenDictionary<string, WindowsChannel>.AlternateLookup<ReadOnlySpan<char>> table, ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName) return null;
        Span<char> text = stackalloc char[LongestName];
        return table.TryGetValue(text[..Encoding.UTF8.GetChars(name, text)], out var found) ? found : null;
    }

    private static WindowsChannel Plain(ImmutableArray<string> services, params ReadOnlySpan<Derivation> common) =>
        new WindowsChannelBuilder("windows", services, [.. WindowsFields.Common, .. common]).Build();

    private static FrozenDictionary<string, WindowsChannel> BuildChannels()
    {
        var channels = new Dictionary<string, WindowsChannel>(StringComparer.OrdinalIgnoreCase)
        {
            ["Security"] = Security(),
            ["System"] = Plain(["system"], WindowsFields.Unnamed),
            ["Application"] = Plain(["application"], WindowsFields.Unnamed),
            ["Microsoft-Windows-Sysmon/Operational"] = SysmonEvents.Windows(),
            ["Linux-Sysmon/Operational"] = SysmonEvents.Linux(),
            ["Windows PowerShell"] = PowerShellClassic(),
            ["MSExchange Management"] = Plain(["msexchange-management"], WindowsFields.Unnamed),
            ["Microsoft-Windows-Windows Defender/Operational"] = Defender(),
        };
        Add(channels, PowerShell(), "Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational");
        Add(channels, DnsClient(), "Microsoft-Windows-DNS-Client/Operational", "Microsoft-Windows-DNS Client Events/Operational");
        Add(channels, KernelFile(), "Microsoft-Windows-Kernel-File/Analytic", "Microsoft-Windows-Kernel-File");
        foreach (var (service, names) in WindowsServices.Table)
            Add(channels, Plain([.. service.Split(',')]), names);
        return channels.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static FrozenDictionary<string, WindowsChannel> BuildProviders() => new Dictionary<string, WindowsChannel>
    {
        ["Microsoft-Windows-Sysmon"] = Channels["Microsoft-Windows-Sysmon/Operational"],
        ["Linux-Sysmon"] = Channels["Linux-Sysmon/Operational"],
        ["Microsoft-Windows-Security-Auditing"] = Channels["Security"],
        ["Microsoft-Windows-PowerShell"] = Channels["Microsoft-Windows-PowerShell/Operational"],
        ["PowerShellCore"] = Channels["PowerShellCore/Operational"],
        ["PowerShell"] = Channels["Windows PowerShell"],
        ["Microsoft-Windows-Windows Defender"] = Channels["Microsoft-Windows-Windows Defender/Operational"],
        ["Microsoft-Windows-DNS-Client"] = Channels["Microsoft-Windows-DNS-Client/Operational"],
        ["Microsoft-Windows-Kernel-File"] = Channels["Microsoft-Windows-Kernel-File"],
        ["Service Control Manager"] = Channels["System"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static void Add(Dictionary<string, WindowsChannel> channels, WindowsChannel channel, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) channels.Add(name, channel);
    }

    private static WindowsChannel Security() => new WindowsChannelBuilder("windows", ["security"], [.. WindowsFields.Common, .. WindowsFields.Security])
        .On(4688, "process_creation", [.. WindowsFields.ProcessCreated])
        .On(4689, "process_termination", [.. WindowsFields.ProcessEnded])
        // No network_connection: rules of that category exclude accounts by User, which 5156 does not have, and so would fire on every
        // connection of a service.
        .On([5156], [], [.. WindowsFields.Connection])
        .On(4657, ["registry_event", "registry_set"], ["OperationType"], [("%%1906", ["registry_event", "registry_delete"])], [.. WindowsFields.RegistryValue])
        .On(4663, [], ["ObjectType"], [("File", ["file_access"])], [.. WindowsFields.FileAccess])
        .Build();

    private static WindowsChannel PowerShell() => new WindowsChannelBuilder("windows", ["powershell"], WindowsFields.Common)
        .On(4103, "ps_module", [.. PowerShellFields.Module])
        .On(4104, "ps_script")
        .Build();

    private static WindowsChannel PowerShellClassic() => new WindowsChannelBuilder("windows", ["powershell-classic"], [.. WindowsFields.Common, WindowsFields.Unnamed, .. PowerShellFields.Classic])
        .On(400, "ps_classic_start")
        .On(600, "ps_classic_provider_start")
        .On(800, "ps_classic_script")
        .Build();

    // The numbers of threats found and acted upon: Microsoft, "Review event logs … to troubleshoot Microsoft Defender Antivirus".
    private static WindowsChannel Defender() => new WindowsChannelBuilder("windows", ["windefend"], [.. WindowsFields.Common, .. WindowsFields.Defender])
        .On([1006, 1007, 1008, 1009, 1010, 1011, 1012, 1015, 1017, 1018, 1019, 1115, 1116, 1117, 1118, 1119], ["antivirus"], [.. WindowsFields.DefenderThreat])
        .Build();

    private static WindowsChannel DnsClient() => new WindowsChannelBuilder("windows", ["dns-client"], WindowsFields.Common)
        .On(3008, "dns_query")
        .Build();

    // Event numbers from the provider's manifest: 12 Create, 26 DeletePath, 27 RenamePath, 28 SetLinkPath, 30 CreateNewFile.
    private static WindowsChannel KernelFile() => new WindowsChannelBuilder("windows", ["kernel-file"], WindowsFields.Common)
        .On(12, "file_access")
        .On(26, "file_delete", [.. WindowsFields.KernelFilePath])
        .On([27, 28], ["file_rename"], [.. WindowsFields.KernelFilePath])
        .On(30, "file_event", [.. WindowsFields.KernelFilePath])
        .Build();

    private sealed record Memo(byte[] Name, WindowsChannel Channel);
}
