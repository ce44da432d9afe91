using System.Collections.Frozen;
using System.Text;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Auditd;

/// <summary>
/// One record of the Linux audit system: <c>[node=host ]type=SYSCALL msg=audit(1700000000.123:456): arch=c000003e …</c>, or as the
/// kernel prints it, <c>audit: type=1300 audit(1700000000.123:456): …</c>. Positions are within the line.
/// </summary>
internal readonly struct AuditRecord
{
    private AuditRecord(Range type, Range id, Range node, int body, DateTimeOffset time)
    {
        (Type, Id, Node, Body, Time) = (type, id, node, body, time);
    }

    /// <summary>The type: a name or a number.</summary>
    public Range Type { get; }

    /// <summary><c>1700000000.123:456</c>: the same for all records of an event.</summary>
    public Range Id { get; }

    /// <summary>The host, where <c>name_format</c> is set.</summary>
    public Range Node { get; }

    /// <summary>Where the fields begin.</summary>
    public int Body { get; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Finds the parts; false when the line is no audit record.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out AuditRecord record)
    {
        record = default;
        var at = 0;
        var node = 0..0;
        if (line.StartsWith("node="u8))
        {
            var blank = line.IndexOf((byte)' ');
            if (blank < 0) return false;
            node = 5..blank;
            at = blank + 1;
        }
        else if (line.StartsWith("audit: "u8))
        {
            at = 7;
        }
        else if (line.StartsWith("["u8) && line.IndexOf("] audit: "u8) is > 0 and < 32 and var close)
        {
            at = close + 9;
        }

        if (!line[at..].StartsWith("type="u8)) return false;
        at += 5;
        var end = line[at..].IndexOf((byte)' ');
        if (end is < 1 or > 40) return false;
        var type = at..(at + end);
        at += end + 1;
        if (line[at..].StartsWith("msg="u8)) at += 4;
        if (!line[at..].StartsWith("audit("u8)) return false;
        at += 6;
        var length = line[at..].IndexOf((byte)')');
        var colon = length > 0 ? line.Slice(at, length).IndexOf((byte)':') : -1;
        if (length > 48 || colon < 1 || !TimeText.TryEpoch(line.Slice(at, colon), out var time)) return false;
        var id = at..(at + length);
        at += length + 1;
        if (at < line.Length && line[at] == ':') at++;
        while (at < line.Length && line[at] == ' ') at++;
        record = new AuditRecord(type, id, node, at, time);
        return true;
    }

    /// <summary>
    /// Whether an event of this type is whole with one record: user space writes such (types 1000 to 1299 and from 2100, linux/audit.h),
    /// the kernel's come in groups that end with PROCTITLE or EOE.
    /// </summary>
    public static bool IsAlone(ReadOnlySpan<byte> type)
    {
        if (TimeText.TryDigits(type, out var number)) return number is < 1300 or >= 2100;
        Span<char> name = stackalloc char[40];
        return type.Length > name.Length || !InGroupsLookup.Contains(name[..Encoding.ASCII.GetChars(type, name)]);
    }

    /// <summary>The name of a type that is written as a number (linux/audit.h), or the number itself.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> type) =>
        TimeText.TryDigits(type, out var number) && Names.TryGetValue(number, out var name) ? name : type;

    private static readonly FrozenSet<string> InGroups = FrozenSet.ToFrozenSet(
    [
        "SYSCALL", "PATH", "IPC", "SOCKETCALL", "CONFIG_CHANGE", "SOCKADDR", "CWD", "EXECVE", "IPC_SET_PERM", "MQ_OPEN", "MQ_SENDRECV", "MQ_NOTIFY", "MQ_GETSETATTR", "KERNEL_OTHER", "FD_PAIR",
        "OBJ_PID", "TTY", "EOE", "BPRM_FCAPS", "CAPSET", "MMAP", "NETFILTER_PKT", "NETFILTER_CFG", "SECCOMP", "PROCTITLE", "FEATURE_CHANGE", "REPLACE", "KERN_MODULE", "FANOTIFY", "TIME_INJOFFSET",
        "TIME_ADJNTPVAL", "BPF", "EVENT_LISTENER", "URINGOP", "OPENAT2", "DM_CTRL", "DM_EVENT", "AVC", "SELINUX_ERR", "AVC_PATH", "APPARMOR_ALLOWED", "APPARMOR_DENIED", "ANOM_PROMISCUOUS", "ANOM_ABEND",
        "ANOM_LINK", "ANOM_CREAT", "INTEGRITY_DATA", "INTEGRITY_RULE", "INTEGRITY_PCR", "KERNEL",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> InGroupsLookup = InGroups.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<int, byte[]> Names = new Dictionary<int, string>
    {
        [1100] = "USER_AUTH",
        [1101] = "USER_ACCT",
        [1102] = "USER_MGMT",
        [1103] = "CRED_ACQ",
        [1104] = "CRED_DISP",
        [1105] = "USER_START",
        [1106] = "USER_END",
        [1107] = "USER_AVC",
        [1108] = "USER_CHAUTHTOK",
        [1109] = "USER_ERR",
        [1110] = "CRED_REFR",
        [1112] = "USER_LOGIN",
        [1113] = "USER_LOGOUT",
        [1114] = "ADD_USER",
        [1115] = "DEL_USER",
        [1116] = "ADD_GROUP",
        [1117] = "DEL_GROUP",
        [1123] = "USER_CMD",
        [1130] = "SERVICE_START",
        [1131] = "SERVICE_STOP",
        [1300] = "SYSCALL",
        [1302] = "PATH",
        [1303] = "IPC",
        [1304] = "SOCKETCALL",
        [1305] = "CONFIG_CHANGE",
        [1306] = "SOCKADDR",
        [1307] = "CWD",
        [1309] = "EXECVE",
        [1317] = "OBJ_PID",
        [1319] = "TTY",
        [1320] = "EOE",
        [1321] = "BPRM_FCAPS",
        [1323] = "MMAP",
        [1325] = "NETFILTER_CFG",
        [1326] = "SECCOMP",
        [1327] = "PROCTITLE",
        [1330] = "KERN_MODULE",
        [1334] = "BPF",
        [1400] = "AVC",
        [1700] = "ANOM_PROMISCUOUS",
        [1701] = "ANOM_ABEND",
        [1702] = "ANOM_LINK",
    }.ToFrozenDictionary(p => p.Key, p => Encoding.ASCII.GetBytes(p.Value));
}
