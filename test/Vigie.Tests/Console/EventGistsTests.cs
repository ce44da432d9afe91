using Vigie.Console;

namespace Vigie.Tests.Console;

/// <summary>Lines of events show what the others do not have in common.</summary>
public sealed class EventGistsTests
{
    [Fact]
    public void What_all_have_in_common_and_times_are_left_out()
    {
        const string one = """{"EventTime":"2026-11-21T21:27:38.537Z","Hostname":"pc-1","EventID":22,"Query":{"Name":"a.example"}}""";
        const string other = """{"EventTime":"2026-11-21T21:35:32.537Z","Hostname":"pc-1","EventID":3,"Ports":[80,443]}""";
        var gists = EventGists.Of([one, other]);
        Assert.Equal("EventID=22  Name=a.example", gists[one]);
        Assert.Equal("EventID=3  Ports=80  Ports=443", gists[other]);
    }

    [Fact]
    public void Numbers_that_only_count_and_ids_are_left_out()
    {
        var events = Enumerable.Range(1, 4).Select(i => $$"""{"RecordID":{{1000 + i}},"Guid":"{5b1d0c2a-0002-6920-0100-00000000010{{i}}}","Port":{{i % 2}}}""").ToArray();
        Assert.Equal(["Port=1", "Port=0", "Port=1", "Port=0"], events.Select(one => EventGists.Of(events)[one]));
    }

    [Fact]
    public void Other_texts_and_a_single_event_stay_as_they_are()
    {
        Assert.Empty(EventGists.Of(["""{"a":1}""", "Nov 21 sshd: no", "{cut", ""]));
        Assert.Empty(EventGists.Of(["""{"a":1}""", """{"a":1}"""]));
    }

    [Fact]
    public void Events_that_differ_in_nothing_but_their_time_say_what_they_are_about()
    {
        string[] events = ["""{"EventTime":"2026-11-22T03:21:23Z","Channel":"Sysmon","QueryName":"a.example"}""", """{"EventTime":"2026-11-22T03:26:29Z","Channel":"Sysmon","QueryName":"a.example"}"""];

        Assert.Equal(["QueryName=a.example", "QueryName=a.example"], events.Select(one => EventGists.Of(events, ["QueryName"])[one]));
    }

    [Fact]
    public void Any_text_is_taken()
    {
        var random = new Random(13);
        const string letters = "{}[]\":,a1é\0\u202e\ud800 -T.nulltrue";
        for (var round = 0; round < 5000; round++)
        {
            var copies = Enumerable.Range(0, random.Next(5)).Select(_ => "{" + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => letters[random.Next(letters.Length)]))).ToArray();
            Assert.All(EventGists.Of(copies), gist => Assert.Contains(gist.Key, copies));
        }

        Assert.Empty(EventGists.Of([new string('{', 100_000), "{\"a\":" + new string('[', 100_000)]));
    }
}
