using System.Net;
using Vigie.Engine.Events;

namespace Vigie.Commands.Eval.Replay;

/// <summary>
/// Who appears in a recorded log: hosts, accounts, domains, addresses, and the ids of processes and logons. Read from the
/// fields that name them, so that a replay can give each another name wherever it stands in the text.
/// </summary>
internal sealed class RecordedNames
{
    // Shorter names occur inside everything.
    private const int ShortestName = 3;

    private static readonly HashSet<string> HostFields = Fields("Computer ComputerName Hostname hostname SourceHostname DestinationHostname WorkstationName Workstation ClientName TargetServerName MachineName");
    private static readonly HashSet<string> UserFields = Fields("User SourceUser TargetUser ParentUser SubjectUserName TargetUserName AccountName UserName username user UserId TargetOutboundUserName");
    private static readonly HashSet<string> DomainFields = Fields("SubjectDomainName TargetDomainName Domain AccountDomain TargetOutboundDomainName");

    // What every installation has: renaming it would make the task easier than it is.
    private static readonly HashSet<string> WellKnown = new(
        [
            "system", "local service", "network service", "anonymous logon", "administrator", "guest", "krbtgt", "defaultaccount", "wdagutilityaccount", "everyone",
            "nt authority", "builtin", "nt service", "window manager", "font driver host", "workgroup", "localhost", "iis apppool", "local", "internal", "user", "users", "root",
            "administrators", "users", "guests", "backup operators", "remote desktop users", "domain admins", "domain users", "domain computers", "windows", "microsoft", "default", "public", "all users", "microsoftaccount", "azuread", "virtual users",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] PrivateEndings = [".local", ".internal", ".lan", ".corp", ".home", ".intra"];

    private readonly HashSet<string> _far = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>First labels of host names.</summary>
    public HashSet<string> Hosts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Bare account names.</summary>
    public HashSet<string> Users { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Labels that make up the names of domains.</summary>
    public HashSet<string> Domains { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Addresses as they are written.</summary>
    public HashSet<string> Addresses { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Ids of processes, logons and activities, without braces.</summary>
    public HashSet<string> Guids { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Logon ids, <c>0x…</c>.</summary>
    public HashSet<string> LogonIds { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes in whom an event names.</summary>
    public void Observe(EventRecord record)
    {
        for (var i = 0; i < record.Count; i++)
        {
            var value = record.Value(i);
            if (record.IsContainer(i) || value.Length is < ShortestName or > 16 * 1024) continue;
            var name = record.Name(i);
            name = name[(name.LastIndexOf('.') + 1)..];
            if (HostFields.Contains(name)) AddHost(record.Text(i));
            else if (UserFields.Contains(name)) AddUser(record.Text(i));
            else if (DomainFields.Contains(name)) AddDomain(record.Text(i));
            else if (name.EndsWith("guid", StringComparison.OrdinalIgnoreCase)) AddGuid(name, record.Text(i));
            else if (name.EndsWith("LogonId", StringComparison.OrdinalIgnoreCase)) AddLogon(record.Text(i));
            else if (value.Count((byte)'.') >= 3 || value.Count((byte)':') >= 3) AddAddresses(name, record.Text(i));
        }
    }

    /// <summary>Settles what only the whole log shows: which far hosts belong to the domains of the hosts that logged.</summary>
    public void Complete()
    {
        foreach (var far in _far)
        {
            var dot = far.IndexOf('.', StringComparison.Ordinal);
            if (PrivateEndings.Any(ending => far.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) || far[(dot + 1)..].Split('.').Any(Domains.Contains)) Add(Hosts, far[..dot]);
        }

        Users.ExceptWith(Hosts);
        Domains.ExceptWith(Hosts);
        Domains.ExceptWith(Users);
    }

    /// <summary>Whether an address is the same everywhere: loopback, multicast, link-local, a provider's own, a public resolver.</summary>
    public static bool IsEverywhere(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast) return true;
        var text = address.ToString();
        return text is "8.8.8.8" or "8.8.4.4" or "1.1.1.1" or "9.9.9.9" or "168.63.129.16" || text.StartsWith("169.254.", StringComparison.Ordinal)
            || (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 or 0);
    }

    private void AddHost(string text)
    {
        var host = text.Trim().TrimStart('\\').TrimEnd('.', '$');
        if (IPAddress.TryParse(host, out _))
        {
            AddAddresses("", host);
            return;
        }

        var dot = host.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) Add(Hosts, host);
        else if (dot > 0 && _far.Count < 100_000) _far.Add(host);
    }

    private void AddUser(string text)
    {
        var name = text.Trim();
        if (name.IndexOf('\\', StringComparison.Ordinal) is >= 0 and var cut)
        {
            if (WellKnown.Contains(name[..cut])) return;
            AddDomain(name[..cut]);
            name = name[(cut + 1)..];
        }

        if (name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
        {
            AddDomain(name[(at + 1)..]);
            name = name[..at];
        }

        if (name.StartsWith("DWM-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("UMFD-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("S-1-", StringComparison.Ordinal)) return;
        if (name.EndsWith('$')) Add(Hosts, name[..^1]);
        else Add(Users, name);
    }

    private void AddDomain(string text)
    {
        var labels = text.Trim().TrimEnd('.', '$').Split('.');
        // The last of several is a top-level domain.
        foreach (var label in labels.Length == 1 ? labels : labels[..^1]) Add(Domains, label);
    }

    private void AddGuid(string field, string text)
    {
        if (!field.Contains("process", StringComparison.OrdinalIgnoreCase) && !field.Contains("logon", StringComparison.OrdinalIgnoreCase) && !field.Contains("activity", StringComparison.OrdinalIgnoreCase)) return;
        if (Guid.TryParse(text, out var id) && id != Guid.Empty) Guids.Add(id.ToString("D"));
    }

    private void AddLogon(string text)
    {
        // Logons of the machine's own accounts are the same everywhere.
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.Length > 5 && text.AsSpan(2).ContainsAnyExcept('0')) LogonIds.Add(text);
    }

    private void AddAddresses(string field, string text)
    {
        if (field.Contains("version", StringComparison.OrdinalIgnoreCase) || field is "Message" or "message") return;
        foreach (var word in text.Split([' ', ',', ';', '"', '\'', '/', '(', ')', '[', ']', '\r', '\n', '\t', '=', '|', '<', '>']))
        {
            var candidate = word.Contains('.', StringComparison.Ordinal) && word.AsSpan().Count(':') == 1 ? word[..word.IndexOf(':', StringComparison.Ordinal)] : word;
            if (candidate.Length is < 4 or > 45 || (candidate.AsSpan().Count('.') != 3 && candidate.AsSpan().Count(':') < 2)) continue;
            if (IPAddress.TryParse(candidate, out var address) && !IsEverywhere(address)) Addresses.Add(candidate);
        }
    }

    private static void Add(HashSet<string> names, string name)
    {
        if (name.Length >= ShortestName && !WellKnown.Contains(name) && names.Count < 100_000) names.Add(name);
    }

    private static HashSet<string> Fields(string names) => new(names.Split(' '), StringComparer.OrdinalIgnoreCase);
}
