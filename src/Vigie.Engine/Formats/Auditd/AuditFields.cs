using System.Buffers.Text;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Auditd;

/// <summary>
/// Puts audit records into one event: their fields by their own names, values of several records beside each other; hexadecimal
/// values decoded; system calls named; and, for rules about processes, files and connections, those fields too.
/// </summary>
internal sealed class AuditFields
{
    private const int MaxPairs = 512;

    private static readonly string[] Service = ["auditd"];

    /// <summary>By what the event shows, see <see cref="Shows"/>.</summary>
    private static readonly EventClass[] Classes = [.. Enumerable.Range(0, 16).Select(Class)];

    /// <summary>Fields whose value is hexadecimal when it stands without quotes (audit "Encoded string").</summary>
    private static readonly HashSet<string> Encoded = new(StringComparer.Ordinal)
    {
        "exe", "comm", "name", "cwd", "proctitle", "cmd", "acct", "path", "dir", "file", "data", "key", "unit", "root_dir", "ocomm", "watch", "device", "grp", "new_group", "vm",
    };

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _encoded = Encoded.GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly EventField _type = new("type");
    private readonly EventField _node = new("node");
    private readonly EventField _hostname = new("hostname");
    private readonly EventField _syscall = new("SYSCALL");
    private readonly EventField _image = new("Image");
    private readonly EventField _commandLine = new("CommandLine");
    private readonly EventField _directory = new("CurrentDirectory");
    private readonly EventField _processId = new("ProcessId");
    private readonly EventField _parentId = new("ParentProcessId");
    private readonly EventField _user = new("User");
    private readonly EventField _target = new("TargetFilename");
    private readonly EventField _sourceIp = new("src_ip");
    private readonly EventField _destinationIp = new("DestinationIp");
    private readonly EventField _destinationPort = new("DestinationPort");
    private readonly EventField _initiated = new("Initiated");
    private readonly EventField[] _pointers = [new("syscall_a0"), new("syscall_a1"), new("syscall_a2"), new("syscall_a3")];
    private readonly List<(int Field, bool IsCreated)> _paths = [];
    private byte[] _joined = new byte[1024];
    private int _joinedLength;
    private byte[] _decoded = new byte[1024];
    private AuditPlaces _places;

    [Flags]
    private enum Shows
    {
        Nothing = 0,
        Process = 1,
        File = 2,
        Deletion = 4,
        Connection = 8,
    }

    /// <summary>Begins an event.</summary>
    public void Begin()
    {
        _paths.Clear();
        _joinedLength = 0;
        _places = new AuditPlaces();
    }

    /// <summary>Adds an event that is whole with one record, or of which only one is at hand.</summary>
    public void AddAlone(byte[] buffer, int start, in AuditRecord audit, EventRecord record)
    {
        Begin();
        Add(buffer, start, record.Start + record.Length - start, audit, record);
        Finish(record, audit.Time);
    }

    /// <summary>Adds one record of the event.</summary>
    public void Add(byte[] buffer, int start, int length, in AuditRecord audit, EventRecord record)
    {
        var line = buffer.AsSpan(start, length);
        var type = AuditRecord.NameOf(line[audit.Type]);
        _type.Derive(record, type);
        var (node, nodeLength) = audit.Node.GetOffsetAndLength(length);
        if (nodeLength > 0 && _places.Node < 0)
        {
            _places.Node = _node.Add(record, start + node, nodeLength);
            _hostname.Alias(record, _places.Node);
        }

        var place = new AuditPlace(type.SequenceEqual("SYSCALL"u8), type.SequenceEqual("EXECVE"u8), type.SequenceEqual("PATH"u8));
        _places.LatestName = -1;

        // What auditd adds in plain words (log_format = ENRICHED) stands behind a group separator.
        var enriched = line[audit.Body..].IndexOf((byte)0x1D);
        var end = enriched < 0 ? length : audit.Body + enriched;
        AddPairs(buffer, start + audit.Body, end - audit.Body, place, record);
        if (enriched >= 0) AddPairs(buffer, start + end + 1, length - end - 1, place with { IsEnriched = true }, record);
        if (place.IsPath && _places.LatestName >= 0 && _places.NameType != 0) _paths.Add((_places.LatestName, _places.NameType == 1));
        _places.NameType = 0;
    }

    /// <summary>Adds what follows from all records together, sets class and time.</summary>
    public void Finish(EventRecord record, DateTimeOffset time)
    {
        record.Time = time;
        var shows = Shows.Nothing;
        if (_places.Syscall < 0 && _places.Number >= 0 && _places.Arch >= 0) NameSyscall(record);
        _image.Alias(record, _places.Exe);
        _processId.Alias(record, _places.Pid);
        _parentId.Alias(record, _places.ParentPid);
        _directory.Alias(record, _places.Directory);
        _user.Alias(record, _places.Account >= 0 ? _places.Account : _places.UserName);
        if (_places.Address >= 0 && record.Value(_places.Address) is { Length: > 1 }) _sourceIp.Alias(record, _places.Address);

        if (_joinedLength > 0)
        {
            _commandLine.Derive(record, _joined.AsSpan(0, _joinedLength));
            shows |= Shows.Process;
        }
        else if (_places.Command >= 0)
        {
            // sudo's own record of a command.
            _commandLine.Alias(record, _places.Command);
            shows |= Shows.Process;
        }

        foreach (var (field, isCreated) in _paths)
        {
            if (_target.IsRead(record)) _target.Derive(record, Absolute(record, field));
            shows |= isCreated ? Shows.File : Shows.Deletion;
        }

        if (_places.Socket >= 0 && IsConnect(record) && AddDestination(record)) shows |= Shows.Connection;
        record.Class = Classes[(int)shows];
    }

    private void AddPairs(byte[] buffer, int start, int length, AuditPlace place, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        var pairs = new KeyValueText(text);
        Span<char> characters = stackalloc char[64];
        for (var count = 0; count < MaxPairs && pairs.MoveNext(); count++)
        {
            var (nameStart, nameLength) = pairs.Name.GetOffsetAndLength(length);
            var (valueStart, valueLength) = pairs.Value.GetOffsetAndLength(length);
            var name = characters[..Encoding.ASCII.GetChars(text.Slice(nameStart, nameLength), characters)];

            // What programs report stands in a value of its own: msg='op=login acct="root" …'
            if (name is "msg" && pairs.IsQuoted)
            {
                AddPairs(buffer, start + valueStart, valueLength, place, record);
                continue;
            }

            var field = AddValue(buffer, start + nameStart, nameLength, start + valueStart, valueLength, IsEncoded(name, pairs.IsQuoted, place), IsPointer(name, place), record);
            if (field >= 0) Keep(name, field, place, record);
        }
    }

    private bool IsEncoded(ReadOnlySpan<char> name, bool isQuoted, AuditPlace place) =>
        !isQuoted && !place.IsEnriched && (_encoded.Contains(name) || place.IsExecve && IsArgument(name));

    // For execve the arguments of the call itself are addresses in memory, and EXECVE has what they point to.
    private bool IsPointer(ReadOnlySpan<char> name, AuditPlace place) => place.IsSyscall && _places.IsExecve && name.Length == 2 && name[0] == 'a' && name[1] is >= '0' and <= '3';

    private static bool IsArgument(ReadOnlySpan<char> name) => name.Length is 2 or 3 or 4 && name[0] == 'a' && !name[1..].ContainsAnyExceptInRange('0', '9');

    private int AddValue(byte[] buffer, int nameStart, int nameLength, int start, int length, bool isEncoded, bool isPointer, EventRecord record)
    {
        var value = buffer.AsSpan(start, length);
        if (isPointer) return _pointers[buffer[nameStart + 1] & 3].Add(record, start, length);
        if (value.SequenceEqual("(null)"u8)) return EventField.AddNamed(record, buffer, nameStart, nameLength, 0, 0, FieldKind.Null);
        if (isEncoded && length >= 2)
        {
            if (_decoded.Length < length) _decoded = new byte[length];
            var written = LogEscapes.DecodeHex(value, _decoded);
            if (written > 0)
            {
                // The arguments of a process title are separated by NULs.
                _decoded.AsSpan(0, written).Replace((byte)0, (byte)' ');
                return EventField.AddNamed(record, buffer, nameStart, nameLength, record.Write(_decoded.AsSpan(0, written)), written);
            }
        }

        return EventField.AddNamed(record, buffer, nameStart, nameLength, start, length);
    }

    private void Keep(ReadOnlySpan<char> name, int field, AuditPlace place, EventRecord record)
    {
        switch (name)
        {
            case "exe": _places.Exe = field; break;
            case "pid": _places.Pid = field; break;
            case "ppid": _places.ParentPid = field; break;
            case "cwd": _places.Directory = field; break;
            case "acct": _places.Account = field; break;
            case "cmd": _places.Command = field; break;
            case "addr": _places.Address = field; break;
            case "arch" when place.IsSyscall: _places.Arch = field; break;
            case "SYSCALL" when place.IsEnriched: _places.Syscall = field; break;
            case "UID" when place.IsEnriched: _places.UserName = field; break;
            case "saddr" when !place.IsEnriched: _places.Socket = field; break;
            case "name" when place.IsPath: _places.LatestName = field; break;
            case "nametype" when place.IsPath: _places.NameType = record.Value(field) switch { var v when v.SequenceEqual("CREATE"u8) => 1, var v when v.SequenceEqual("DELETE"u8) => 2, _ => 0 }; break;
            case "syscall" when place.IsSyscall: KeepNumber(field, record); break;
            default:
                if (place.IsExecve && IsArgument(name)) Join(record.Value(field));
                break;
        }
    }

    private void KeepNumber(int field, EventRecord record)
    {
        _places.Number = field;
        _places.IsExecve = TimeText.TryDigits(record.Value(field), out var number) && SyscallNames.Of(_places.Arch >= 0 ? record.Value(_places.Arch) : [], number).StartsWith("execve"u8);
    }

    private void Join(ReadOnlySpan<byte> argument)
    {
        var needed = _joinedLength + argument.Length + 1;
        if (needed > _joined.Length) Array.Resize(ref _joined, Math.Max(needed, _joined.Length * 2));
        if (_joinedLength > 0) _joined[_joinedLength++] = (byte)' ';
        argument.CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength += argument.Length;
    }

    private void NameSyscall(EventRecord record)
    {
        if (!TimeText.TryDigits(record.Value(_places.Number), out var number)) return;
        var name = SyscallNames.Of(record.Value(_places.Arch), number);
        if (!name.IsEmpty) _places.Syscall = _syscall.Derive(record, name);
    }

    private bool IsConnect(EventRecord record) => _places.Syscall >= 0 && record.Value(_places.Syscall).SequenceEqual("connect"u8);

    // struct sockaddr in hexadecimal: family (host order, two bytes), port (network order), address.
    private bool AddDestination(EventRecord record)
    {
        Span<byte> address = stackalloc byte[28];
        var text = record.Value(_places.Socket);
        if (text.Length < 16) return false;
        var length = LogEscapes.DecodeHex(text[..Math.Min(text.Length & ~1, 56)], address);
        if (length < 8) return false;
        Span<byte> written = stackalloc byte[48];
        var family = address[0] | address[1] << 8;
        var bytes = family == 2 ? address.Slice(4, 4) : family == 10 && length >= 24 ? address.Slice(8, 16) : [];
        if (bytes.IsEmpty || !new System.Net.IPAddress(bytes).TryFormat(written, out var used)) return false;
        _destinationIp.Derive(record, written[..used]);
        Utf8Formatter.TryFormat(address[2] << 8 | address[3], written, out used);
        _destinationPort.Derive(record, written[..used], FieldKind.Number);
        _initiated.Derive(record, "true"u8);
        return true;
    }

    private byte[] Absolute(EventRecord record, int field)
    {
        var name = record.Value(field);
        if (name.StartsWith("/"u8) || _places.Directory < 0) return name.ToArray();
        var directory = record.Value(_places.Directory).TrimEnd((byte)'/');
        if (name.StartsWith("./"u8)) name = name[2..];
        return [.. directory, (byte)'/', .. name];
    }

    private static EventClass Class(int flags)
    {
        var shows = (Shows)flags;
        var categories = new List<string>();
        if (shows.HasFlag(Shows.Process)) categories.Add("process_creation");
        if (shows.HasFlag(Shows.File)) categories.Add("file_event");
        if (shows.HasFlag(Shows.Deletion)) categories.Add("file_delete");
        if (shows.HasFlag(Shows.Connection)) categories.Add("network_connection");
        return EventClass.Of(["linux"], Service, [.. categories]);
    }
}

/// <summary>What is known of the record whose fields are being added.</summary>
internal readonly record struct AuditPlace(bool IsSyscall, bool IsExecve, bool IsPath)
{
    /// <summary>Whether it is auditd's own words behind the group separator.</summary>
    public bool IsEnriched { get; init; }
}

/// <summary>Which fields of the event hold what; -1 where it does not have it.</summary>
internal struct AuditPlaces()
{
    public int Node = -1;
    public int Exe = -1;
    public int Pid = -1;
    public int ParentPid = -1;
    public int Directory = -1;
    public int Account = -1;
    public int UserName = -1;
    public int Command = -1;
    public int Address = -1;
    public int Arch = -1;
    public int Number = -1;
    public int Syscall = -1;
    public int Socket = -1;
    public int LatestName = -1;

    /// <summary>1 created, 2 deleted, 0 neither.</summary>
    public int NameType;

    public bool IsExecve;
}
