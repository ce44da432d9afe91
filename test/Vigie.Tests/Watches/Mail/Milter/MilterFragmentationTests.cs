using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>TCP keeps the order of bytes and nothing else: how they are cut must not matter.</summary>
public sealed class MilterFragmentationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly byte[] Stream =
    [
        .. MilterPackets.Negotiate(), .. MilterPackets.Macro('C', "j", "mx", "{daemon_name}", "smtpd"), .. MilterPackets.Connect(), .. MilterPackets.Helo(),
        .. MilterPackets.Message().SelectMany(p => p), .. MilterPackets.MailFrom("<x@example.com>"), .. MilterPackets.Recipient("<refuse@example.org>"), .. MilterPackets.Abort(),
        .. MilterPackets.Message("<refuse@example.org>").SelectMany(p => p), .. MilterPackets.MailFrom(), .. MilterPackets.Body(new string('x', 20_000)), .. MilterPackets.EndOfMessage(new string('y', 9_000)),
        .. MilterPackets.Packet('K'), .. MilterPackets.Connect("again", 'U'), .. MilterPackets.Texts('U', "FROB"), .. MilterPackets.Quit(),
    ];

    private static ScriptedHandler Script() => new()
    {
        Wanted = new MilterNegotiation { Actions = MilterActions.All, Steps = MilterSteps.NoReplyToHeaders | MilterSteps.Skip },
        Modify = m => m.AddHeader("X-Vigie", "seen"),
        Reply = (call, macros, _) => new(call.StartsWith("rcpt <refuse", StringComparison.Ordinal) ? MilterReply.Custom(550, "5.7.1", $"no {macros?["i"]}") : MilterReply.Continue),
    };

    private static async Task<(string Answers, string Calls)> RunAsync(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var script = Script();
        var answers = await InMemoryConversation.RunAsync(script, new MilterSettings(), pieces, Token);
        return (Convert.ToHexStringLower(answers), string.Join('\n', script.Calls));
    }

    [Fact]
    public async Task Every_way_to_cut_the_stream_gives_the_same_answers()
    {
        var whole = await RunAsync([Stream]);
        Assert.EndsWith("0000000163", whole.Answers, StringComparison.Ordinal);
        Assert.Contains("unknown FROB", whole.Calls, StringComparison.Ordinal);

        var bytes = await RunAsync(Enumerable.Range(0, Stream.Length).Select(i => new ReadOnlyMemory<byte>(Stream, i, 1)));
        Assert.Equal(whole, bytes);

        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var cut = await RunAsync(Cut(random));
            Assert.True(whole == cut, $"seed {seed}");
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Cut(Random random)
    {
        var longest = random.Next(1, 2) << random.Next(1, 14);
        for (var at = 0; at < Stream.Length;)
        {
            var length = Math.Min(random.Next(1, longest + 1), Stream.Length - at);
            yield return new ReadOnlyMemory<byte>(Stream, at, length);
            at += length;
        }
    }
}
