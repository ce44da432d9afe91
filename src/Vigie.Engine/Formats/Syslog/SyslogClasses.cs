using System.Collections.Frozen;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>What a program's messages are: the log sources of the Sigma taxonomy ("Linux Folder"), by the program's name.</summary>
internal sealed record ProgramKind(ProgramText Text, EventClass Plain, EventClass Auth);

/// <summary>How the text of a program's messages is read.</summary>
internal enum ProgramText
{
    /// <summary>Pairs, where there are any.</summary>
    Other,

    /// <summary>OpenSSH's server.</summary>
    Sshd,

    /// <summary>sudo and doas.</summary>
    Sudo,

    /// <summary>cron and its kin.</summary>
    Cron,

    /// <summary>The kernel: netfilter's log lines, audit records.</summary>
    Kernel,

    /// <summary>A name server or resolver that logs queries.</summary>
    Dns,

    /// <summary>A virus scanner that logs what it found.</summary>
    Antivirus,

    /// <summary>A mail server or what checks its passwords.</summary>
    Mail,

    /// <summary>OpenVPN.</summary>
    OpenVpn,

    /// <summary>Audit records.</summary>
    Audit,

    /// <summary>Sysmon for Linux.</summary>
    Sysmon,

    /// <summary>A web server that logs requests through syslog.</summary>
    Web,
}

/// <summary>The kinds of programs.</summary>
internal static class SyslogClasses
{
    private static readonly FrozenDictionary<string, ProgramKind> Kinds = Build();
    private static readonly FrozenDictionary<string, ProgramKind>.AlternateLookup<ReadOnlySpan<char>> Lookup = Kinds.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A program nothing is known of.</summary>
    public static ProgramKind Unknown { get; } = Make(ProgramText.Other, [], [], isAuth: false);

    /// <summary>A packet that the firewall logged.</summary>
    public static EventClass Firewall { get; } = EventClass.Of(["linux"], ["kernel", "iptables", "syslog"], ["firewall"]);

    /// <summary>A query a name server logged.</summary>
    public static EventClass DnsQuery { get; } = EventClass.Of(["linux"], ["named", "dns", "syslog"], ["dns", "network"]);

    /// <summary>A command that sudo ran.</summary>
    public static EventClass SudoCommand { get; } = EventClass.Of(["linux"], ["sudo", "auth", "syslog"], ["process_creation"]);

    /// <summary>A command that cron ran.</summary>
    public static EventClass CronCommand { get; } = EventClass.Of(["linux"], ["cron", "syslog"], ["process_creation"]);

    /// <summary>Something a virus scanner found.</summary>
    public static EventClass VirusFound { get; } = EventClass.Of(["linux"], ["clamav", "syslog"], ["antivirus"]);

    /// <summary>A router's message about its peers.</summary>
    public static EventClass Juniper { get; } = EventClass.Of(["juniper"], ["syslog"], []);

    /// <summary>A router's message about BGP.</summary>
    public static EventClass JuniperBgp { get; } = EventClass.Of(["juniper"], ["bgp", "syslog"], []);

    /// <summary>The kind of a program by its lower-case name, without its folder.</summary>
    public static ProgramKind Of(ReadOnlySpan<char> program)
    {
        if (Lookup.TryGetValue(program, out var kind)) return kind;

        // "postfix/smtpd", "postfix-out/smtp", "postfix/submission/smtpd"
        if (program.StartsWith("postfix")) return Kinds["postfix"];
        return program.StartsWith("systemd-logind") ? Kinds["login"] : Unknown;
    }

    private static FrozenDictionary<string, ProgramKind> Build()
    {
        var kinds = new Dictionary<string, ProgramKind>(StringComparer.Ordinal);
        Add(ProgramText.Sshd, ["sshd"], [], true, "sshd sshd-session sshd-auth dropbear");
        Add(ProgramText.Sudo, ["sudo"], [], true, "sudo doas");
        Add(ProgramText.Other, ["su"], [], true, "su runuser");
        Add(ProgramText.Other, [], [], true, "login polkitd pkexec passwd useradd usermod userdel groupadd groupmod groupdel gpasswd chpasswd chage chfn chsh newgrp " +
            "gdm gdm-password lightdm sddm gnome-keyring-daemon pamd unix_chkpwd sssd krb5_child realmd samba winbindd");
        Add(ProgramText.Cron, ["cron"], [], false, "cron crond crontab anacron atd fcron");
        Add(ProgramText.Other, ["vsftpd"], [], false, "vsftpd");
        Add(ProgramText.Other, ["ftp"], [], false, "proftpd pure-ftpd ftpd");
        Add(ProgramText.Antivirus, ["clamav"], [], false, "clamd clamav clamav-daemon clamscan clamdscan clamav-milter freshclam clamonacc");
        Add(ProgramText.Other, ["guacamole"], [], false, "guacd guacamole");
        Add(ProgramText.Dns, ["named", "dns"], [], false, "named bind9 dnsmasq unbound pdns pdns_recursor systemd-resolved");
        Add(ProgramText.Mail, ["postfix", "mail"], ["mail"], false, "postfix");
        Add(ProgramText.Mail, ["dovecot", "mail"], ["mail"], false, "dovecot imapd pop3d imap-login pop3-login");
        Add(ProgramText.Mail, ["mail"], ["mail"], false, "exim exim4 sendmail sm-mta opensmtpd smtpd saslauthd rspamd opendkim amavis");
        Add(ProgramText.OpenVpn, ["openvpn", "vpn"], ["vpn"], false, "openvpn ovpn ovpn-server openvpn-server");
        Add(ProgramText.Other, ["strongswan", "vpn"], ["vpn"], false, "charon charon-systemd ipsec pluto ipsec_starter strongswan swanctl");
        Add(ProgramText.Other, ["wireguard", "vpn"], ["vpn"], false, "wg wg-quick wireguard");
        Add(ProgramText.Kernel, ["kernel"], [], false, "kernel ulogd");
        Add(ProgramText.Audit, ["auditd"], [], false, "audit auditd audispd audisp-syslog audisp");
        Add(ProgramText.Sysmon, ["sysmon"], [], false, "sysmon");
        Add(ProgramText.Web, ["nginx"], [], false, "nginx");
        Add(ProgramText.Web, ["apache"], [], false, "apache2 httpd apache");
        return kinds.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(ProgramText text, string[] services, string[] categories, bool isAuth, string names)
        {
            var kind = Make(text, services, categories, isAuth);
            foreach (var name in names.Split(' ')) kinds.Add(name, kind);
        }
    }

    private static ProgramKind Make(ProgramText text, string[] services, string[] categories, bool isAuth)
    {
        var auth = EventClass.Of(["linux"], [.. services, "auth", "syslog"], categories);
        return new ProgramKind(text, isAuth ? auth : EventClass.Of(["linux"], [.. services, "syslog"], categories), auth);
    }
}
