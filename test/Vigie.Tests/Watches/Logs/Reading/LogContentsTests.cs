using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Tests.Watches.Logs.Reading;

public sealed class LogContentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Name, LogDiagnostic Diagnostic)> _reported = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plain_file_is_itself() => Assert.Equal([("a.log", "hello\n")], Read(Write("a.log", "hello\n"u8)));

    [Fact]
    public void Gzip_is_known_by_its_bytes_not_its_name() => Assert.Equal([("rotated.1", "hello\n")], Read(Write("rotated.1", Gzip("hello\n"u8))));

    [Fact]
    public void The_members_of_archives_are_read_one_by_one_whatever_packs_them()
    {
        var zip = _folder.Combine("logs.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            Add(archive, "one.json", "{}"u8);
            Add(archive, "deep/two.log.gz", Gzip("two"u8));
        }

        Assert.Equal([("one.json", "{}"), ("two.log", "two")], Read(zip));
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "d/"));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "d/x.log") { DataStream = new MemoryStream("x"u8.ToArray()) });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "d/y.log") { DataStream = new MemoryStream("y"u8.ToArray()) });
        }

        Assert.Equal([("x.log", "x"), ("y.log", "y")], Read(Write("logs.tar.gz", Gzip(tar.ToArray()))));
        Assert.Empty(_reported);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public void Utf16_becomes_Utf8(string encoding, bool mark)
    {
        var from = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. mark ? from.GetPreamble() : [], .. from.GetBytes("a line of a log\r\nÉté\r\n")];
        Assert.Equal("a line of a log\r\nÉté\r\n", Assert.Single(Read(Write("w.txt", bytes))).Text.TrimStart('\uFEFF'));
    }

    [Fact]
    public void A_bomb_ends_at_its_bound_and_is_reported()
    {
        var path = Write("bomb.gz", Gzip(new byte[5_000_000]));
        var limits = new ContentLimits { MaxUnpackedBytes = 1_000_000 };
        Assert.Throws<InvalidDataException>(() => Read(path, limits));
        Assert.Throws<InvalidDataException>(() => Read(path, new ContentLimits { RatioFrom = 100_000, MaxRatio = 20 }));
    }

    [Fact]
    public void Packings_in_each_other_end_at_a_depth()
    {
        var bytes = "deep"u8.ToArray();
        for (var i = 0; i < 8; i++) bytes = Gzip(bytes);
        Assert.Empty(Read(Write("deep.gz", bytes)));
        Assert.Equal("content.too-deep", Assert.Single(_reported).Diagnostic.Code);
    }

    [Fact]
    public void What_cannot_be_unpacked_is_named()
    {
        Assert.Empty(Read(Write("a.xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1, 2])));
        Assert.Empty(Read(_folder.Combine("absent")));
        Assert.Equal(["content.compression-unknown", "content.not-opened"], _reported.Select(r => r.Diagnostic.Code));
    }

    [Fact]
    public void Damage_anywhere_ends_in_a_report_or_an_error_of_the_stream_and_nothing_else()
    {
        var random = new Random(5);
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true)) Add(archive, "a.log", Encoding.UTF8.GetBytes(new string('a', 5000)));
        foreach (var sound in (byte[][])[Gzip(new byte[3000]), zip.ToArray()])
        {
            for (var round = 0; round < 200; round++)
            {
                var bytes = sound.ToArray();
                for (var i = random.Next(1, 5); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                if (random.Next(3) == 0) bytes = bytes[..random.Next(1, bytes.Length)];
                try
                {
                    Read(Write("damaged", bytes));
                }
                catch (Exception e) when (LogContents.IsDamage(e))
                {
                }
            }
        }
    }

    [Fact]
    public void A_reader_reports_the_damage_and_gives_what_came_before()
    {
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"n\":{i},\"r\":\"{Guid.NewGuid()}\"}}\n"));
        var path = Write("cut.json.gz", Gzip(Encoding.UTF8.GetBytes(lines)).AsSpan()[..^5000]);
        var content = Assert.Single(new LogContents(new ContentLimits(), (_, _) => { }).Open(path).Take(1));
        var reported = new List<LogDiagnostic>();
        var record = new Vigie.Engine.Events.EventRecord(Vigie.Engine.Events.FieldCatalog.Empty);
        using var again = new LogContents(new ContentLimits(), (_, _) => { }).Open(path).GetEnumerator();
        Assert.True(again.MoveNext());
        using var reader = new ContentReader(again.Current, new ReadAs(), reported.Add);
        var events = 0;
        while (reader.Read(record)) events++;
        Assert.InRange(events, 1000, 19_999);
        Assert.NotNull(content);
    }

    private static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> bytes)
    {
        using var entry = archive.CreateEntry(name).Open();
        entry.Write(bytes);
    }

    private string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = _folder.Combine(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private List<(string Name, string Text)> Read(string path, ContentLimits? limits = null)
    {
        var found = new List<(string, string)>();
        foreach (var content in new LogContents(limits ?? new ContentLimits(), (name, diagnostic) => _reported.Add((name, diagnostic))).Open(path))
        {
            using var text = new StreamReader(content.Bytes, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
            found.Add((content.FileName, text.ReadToEnd()));
        }

        return found;
    }
}
