using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vigie.Commands.Eval.Replay;
using Vigie.Engine.Events;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Tests.Commands.Eval.Replay;

public sealed class DisguiseTests
{
    private const string Line =
        """
        {"@timestamp":"2026-01-05T09:00:01.250Z","Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Hostname":"COMPTA7.paierie.local","User":"PAIERIE\\moussa","UtcTime":"2026-01-05 09:00:01.250","ProcessGuid":"{5f1c2f10-0001-695b-0100-000000000100}","LogonId":"0x4A3F21","SourceIp":"10.20.0.17","DestinationIp":"8.8.8.8","UserSid":"S-1-5-21-1111111111-222222222-333333333-1105","SubjectUserName":"SYSTEM","FileVersion":"10.0.17.134","CommandLine":"\\\\COMPTA7\\C$\\Users\\moussa\\notes.txt ping 10.20.0.17\r\nmoussa","Ipv6Address":"2001:db8:17::9"}
        """;

    [Fact]
    public void Everybody_has_another_name_everywhere_and_the_same_everywhere()
    {
        var other = Rewritten("a", "a");
        Assert.DoesNotContain("compta7", other, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("moussa", other, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("paierie", other, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("10.20.0.17", other, StringComparison.Ordinal);
        Assert.DoesNotContain("5f1c2f10", other, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("4A3F21", other, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("1111111111", other, StringComparison.Ordinal);
        Assert.DoesNotContain("2001:db8:17::9", other, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(other);
        var root = json.RootElement;
        var host = root.GetProperty("Hostname").GetString()!.Split('.')[0];
        var user = root.GetProperty("User").GetString()!.Split('\\')[1];
        var command = root.GetProperty("CommandLine").GetString()!;
        Assert.Equal($@"\\{host}\C$\Users\{user}\notes.txt ping {root.GetProperty("SourceIp").GetString()}" + $"\r\n{user}", command);
    }

    [Fact]
    public void What_is_everywhere_the_same_stays()
    {
        var other = Rewritten("a", "a");
        foreach (var kept in new[] { "\"SYSTEM\"", "8.8.8.8", "10.0.17.134", "S-1-5-21-", "-1105", ".local", "notes.txt", "Microsoft-Windows-Sysmon/Operational" }) Assert.Contains(kept, other, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_moved_and_nothing_else_of_them_changes()
    {
        var other = Rewritten("a", "a", TimeSpan.FromDays(31) + TimeSpan.FromSeconds(5));
        Assert.Contains("\"@timestamp\":\"2026-02-05T09:00:06.250Z\"", other, StringComparison.Ordinal);
        Assert.Contains("\"UtcTime\":\"2026-02-05 09:00:06.250\"", other, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_disguise_is_the_same_text_and_another_is_another()
    {
        Assert.Equal(Rewritten("a", "a"), Rewritten("a", "a"));
        Assert.NotEqual(Rewritten("a", "a"), Rewritten("b", "b"));
    }

    [Fact]
    public void Without_a_disguise_the_text_stays_as_it_is() => Assert.Equal(Line, Rewritten("", ""));

    [Fact]
    public void The_same_people_another_day_have_other_sessions()
    {
        var (one, other) = (Rewritten("a", "a"), Rewritten("a", "b"));
        string Of(string line, string field) => Regex.Match(line, $"\"{field}\":\"([^\"]*)\"").Groups[1].Value;
        Assert.Equal(Of(one, "Hostname"), Of(other, "Hostname"));
        Assert.NotEqual(Of(one, "ProcessGuid"), Of(other, "ProcessGuid"));
        Assert.NotEqual(Of(one, "LogonId"), Of(other, "LogonId"));
    }

    [Fact]
    public void Whatever_the_text_is_it_comes_out_whole()
    {
        var random = new Random(3);
        const string alphabet = "aZ09._-:\\\"{}[] \r\n\tu0\u00e9SP-1-5-21-2026-01-05T";
        var names = Names();
        for (var round = 0; round < 3000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            var output = new ArrayBufferWriter<byte>();
            new Disguise(names, "", "", TimeSpan.Zero, isJson: round % 2 == 0).Rewrite(Encoding.UTF8.GetBytes(text), output);
            Assert.Equal(text, Encoding.UTF8.GetString(output.WrittenSpan));
            new Disguise(names, "x", "x", TimeSpan.FromDays(9000 * 365.0), isJson: round % 2 == 0).Rewrite(Encoding.UTF8.GetBytes(text), output);
        }
    }

    [Fact]
    public void A_stream_gives_the_same_as_the_whole_whatever_is_read_at_once()
    {
        var text = string.Concat(Enumerable.Repeat(Line + "\n", 200));
        var disguise = new Disguise(Names(), "a", "a", TimeSpan.Zero, isJson: true);
        var whole = new ArrayBufferWriter<byte>();
        disguise.Rewrite(Encoding.UTF8.GetBytes(text), whole);
        using var stream = new DisguisedStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), disguise);
        using var read = new MemoryStream();
        var buffer = new byte[777];
        for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer)) read.Write(buffer, 0, count);
        Assert.Equal(whole.WrittenSpan.ToArray(), read.ToArray());
    }

    private static string Rewritten(string people, string session, TimeSpan shift = default)
    {
        var output = new ArrayBufferWriter<byte>();
        new Disguise(Names(), people, session, shift, isJson: true).Rewrite(Encoding.UTF8.GetBytes(Line), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static RecordedNames Names()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("one.json", Line + "\n");
        var names = new RecordedNames();
        var record = new EventRecord(FieldCatalog.Empty);
        foreach (var content in new LogContents(new ContentLimits(), static (_, _) => { }).Open(path))
        {
            using var reader = new ContentReader(content, new ReadAs(), static _ => { });
            while (reader.Read(record)) names.Observe(record);
        }

        names.Complete();
        return names;
    }
}
