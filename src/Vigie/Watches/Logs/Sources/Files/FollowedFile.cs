using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>
/// One file that is read as it grows, whatever it is renamed to; or, where it is packed or an event log that is written all
/// over, from beginning to end each time it has changed. The source's task and the pipeline use it in turn.
/// </summary>
internal sealed class FollowedFile : IDisposable
{
    private const int ReadAtOnce = 512 * 1024;

    private readonly LogSourceState _source;
    private FilePosition _position;
    private Stream? _stream;
    private IEnumerator<LogContent>? _members;
    private EventBuffer? _buffer;
    private string _fileName = "";
    private bool _formatUnknown;
    private bool _ended;
    private long _endedAt;

    /// <summary>Takes a file up where <paramref name="position"/> says.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="name">Under which name its position is saved.</param>
    /// <param name="position">Where it is taken up.</param>
    public FollowedFile(LogSourceState source, string name, FilePosition position) => (_source, PositionName, _position) = (source, name, position);

    /// <summary>Under which name its position is saved.</summary>
    public string PositionName { get; }

    /// <summary>How far it has been read.</summary>
    public FilePosition Position => _position;

    /// <summary>Where it lies now.</summary>
    public string Path => _position.Path;

    /// <summary>Whether it is held open, so that it can be read even after it was deleted.</summary>
    public bool IsOpen => _stream is not null;

    /// <summary>The time of its last event, by which files are read in turn.</summary>
    public DateTimeOffset? LastEvent { get; private set; }

    /// <summary>Whether nothing will be appended: it was renamed, or is packed. What follows its last line end is then an event.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Since when it has not grown; null while it does.</summary>
    public DateTimeOffset? QuietSince { get; set; }

    /// <summary>Whether it is read whole, from its beginning, each time it has changed.</summary>
    public bool IsDocument => _position.Document;

    /// <summary>How it was when its beginning was last looked at.</summary>
    public (long Size, long Written) LookedAt { get; set; } = (-1, 0);

    /// <summary>Bytes not yet read; 0 where that cannot be known.</summary>
    public long Behind => _stream is FileStream file && !IsDocument ? Math.Max(0, file.Length - _position.Offset) : 0;

    /// <summary>Says that it lies elsewhere now.</summary>
    public void MovedTo(string path, FileId id) => _position = _position with { Path = path, Device = id.Device, Inode = id.Inode };

    /// <summary>Starts from its beginning: its content is another.</summary>
    public void StartAgain(FileId id)
    {
        Close();
        _formatUnknown = false;
        _position = new FilePosition { Path = Path, Device = id.Device, Inode = id.Inode };
    }

    /// <summary>Whether it has something that was not read, as far as that can be told from outside.</summary>
    public bool MayHaveMore(FileInfo file)
    {
        var isSame = file.Length == _position.Size && file.LastWriteTimeUtc.Ticks == _position.Written;
        if (_formatUnknown) return !isSame;
        if (IsDocument) return !_position.Complete || !isSame;
        return file.Length > _position.Offset + (_buffer?.Pending ?? 0) || IsEnding && !_position.Complete;
    }

    /// <summary>Reads some more; the batch holds it. Null when there is nothing more for now.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public LogBatch? Read(DateTimeOffset now)
    {
        if (_ended)
        {
            // Read to its end; it is opened again when it has changed.
            _ended = false;
            Close();
            return null;
        }

        if (_stream is null) Open();
        else if (_buffer!.IsFinal && !IsDocument && !TryReopen()) return null;
        while (true)
        {
            var filled = _formatUnknown ? 0 : Fill();
            var waited = _buffer!.Reader is null;
            if (waited && !TryRecognize(atEnd: filled == 0))
            {
                if (filled > 0 && !_formatUnknown) continue;
            }
            else if (filled > 0 || waited)
            {
                QuietSince = null;
                return new FileBatch(this, now);
            }

            if ((IsDocument || IsEnding) && !_buffer.IsFinal && _buffer.Reader is not null) return End(now);
            if (!IsDocument) return null;
            if (NextMember()) continue;
            _ended = true;
            return new FileBatch(this, now);
        }
    }

    public void Dispose() => Close();

    /// <summary>Closes it; it is taken up again where it was.</summary>
    public void Close()
    {
        _stream?.Dispose();
        _members?.Dispose();
        _buffer?.Dispose();
        (_stream, _members, _buffer) = (null, null, null);
    }

    // The end of a member, or of the file: what is left in the reader comes out.
    private FileBatch End(DateTimeOffset now)
    {
        _buffer!.IsFinal = true;
        _buffer.Appended(0);
        _endedAt = _stream is FileStream file ? file.Length : 0;
        return new FileBatch(this, now);
    }

    // It was taken for ended; it may have grown after all.
    private bool TryReopen()
    {
        if (_stream!.Length <= _endedAt) return false;
        Close();
        Open();
        return true;
    }

    private bool NextMember()
    {
        if (_members is null || !_members.MoveNext()) return false;
        _stream = _members.Current.Bytes;
        _fileName = _members.Current.FileName;
        _formatUnknown = false;
        _position = _position with { Member = _position.Member + 1, Offset = 0, Content = "", Format = null, State = null, Complete = false };
        StartBuffer();
        return true;
    }

    private void Open()
    {
        var file = LogContents.OpenShared(Path);
        var isDocument = FileHead.IsDocument(file);
        if (_position.Complete && isDocument) _position = new FilePosition { Path = Path, Device = _position.Device, Inode = _position.Inode };
        _position = _position with { Document = isDocument, Complete = false, Size = file.Length, Written = File.GetLastWriteTimeUtc(Path).Ticks };
        (_ended, _formatUnknown) = (false, false);
        if (!IsDocument)
        {
            file.Position = Math.Min(_position.Offset, file.Length);
            _stream = file;
            _fileName = LogContents.BareName(Path);
        }
        else
        {
            file.Dispose();
            _members = new LogContents(new ContentLimits(), _source.Report).Open(Path).GetEnumerator();
            for (var member = 0; member <= _position.Member; member++)
            {
                if (!_members.MoveNext()) throw new IOException($"{Path} holds nothing that can be read");
            }

            _stream = _members.Current.Bytes;
            _fileName = _members.Current.FileName;
            Skip(_position.Offset);
        }

        StartBuffer();
    }

    private void StartBuffer()
    {
        _buffer?.Dispose();
        _buffer = new EventBuffer(diagnostic => _source.Report(Path, diagnostic));
        _buffer.Restart(_position.Offset, _position.Content);
        if (_position.Format is not { } id || LogFormats.Find(id) is not { } format) return;
        _buffer.Reader = format.Open(_source.Settings.ReadAs.For(_fileName, File.GetLastWriteTimeUtc(Path)));
        if (_position.State is { } state) _buffer.Reader.RestoreState(state);
    }

    private int Fill()
    {
        var room = _buffer!.Room(ReadAtOnce);
        if (room.Length > ReadAtOnce) room = room[..ReadAtOnce];
        if (room.IsEmpty) return 0;
        try
        {
            var read = _stream!.Read(room.Span);
            _buffer.Appended(read);
            return read;
        }
        catch (InvalidDataException e)
        {
            // What was packed is damaged from here on; what came before counts.
            _source.Report(Path, new LogDiagnostic("content.damaged", _buffer.Offset + _buffer.Pending, e.Message));
            return 0;
        }
    }

    private bool TryRecognize(bool atEnd)
    {
        if (_formatUnknown) return false;
        if (_buffer!.Pending == 0)
        {
            _formatUnknown = atEnd && IsDocument;
            return false;
        }

        var isEnough = _buffer.Pending >= ContentReader.RecognizedFrom || atEnd && (IsEnding || IsDocument || _buffer.Bytes.Contains((byte)'\n'));
        if (!isEnough) return false;
        var settings = _source.Settings;
        var format = settings.Format is { } id ? LogFormats.Find(id) : LogFormats.Recognize(_buffer.Bytes[..Math.Min(_buffer.Pending, ContentReader.RecognizedFrom)], _fileName);
        if (format is null)
        {
            _formatUnknown = _buffer.Pending >= ContentReader.RecognizedFrom || IsDocument;
            if (_formatUnknown) _source.Report(Path, new LogDiagnostic("content.format-unknown", 0, "no known format; name it with \"format\" or leave the file out with \"exclude\""));
            return false;
        }

        _position = _position with { Format = format.Id };
        _buffer.Reader = format.Open(settings.ReadAs.For(_fileName, File.GetLastWriteTimeUtc(Path)));
        return true;
    }

    private void Skip(long bytes)
    {
        var buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            var read = _stream!.Read(buffer, 0, (int)Math.Min(buffer.Length, bytes));
            if (read == 0) return;
            bytes -= read;
        }
    }

    // Called by the pipeline when the events are through.
    private string Advance(DateTimeOffset? lastEvent)
    {
        LastEvent = lastEvent ?? LastEvent;
        _position = _position with
        {
            Offset = _buffer!.Offset,
            Content = _buffer.Identity,
            State = _buffer.Reader?.SaveState(),
            Complete = IsDocument ? _ended : _buffer.IsFinal,
        };
        if (_position.PrintLength < FilePrint.Longest && !IsDocument && _stream is FileStream file) TakePrint(file);
        return _position.ToJson();
    }

    private void TakePrint(FileStream file)
    {
        Span<byte> beginning = stackalloc byte[FilePrint.Longest];
        var read = RandomAccess.Read(file.SafeFileHandle, beginning[..(int)Math.Min(FilePrint.Longest, _position.Offset)], 0);
        var print = FilePrint.Of(beginning[..read]);
        _position = _position with { PrintLength = print.Length, PrintHash = print.Hash };
    }

    private sealed class FileBatch(FollowedFile file, DateTimeOffset received) : LogBatch(file._source, file._buffer!, received)
    {
        public override LogOrigin Origin(EventRecord record) => new(Source.Name, file.Path, file._buffer!.Identity);

        public override (string Name, string Position)? Position(DateTimeOffset? lastEvent) => (file.PositionName, file.Advance(lastEvent));
    }
}
