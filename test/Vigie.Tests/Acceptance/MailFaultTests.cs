using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Watches.Mail;

namespace Vigie.Tests.Acceptance;

/// <summary>
/// The node killed at random moments while mail flows: every message ends exactly as its verdict says. As many messages as
/// <c>VIGIE_TEST_KILL_MESSAGES</c> says, 300 in the suite; the seed is <c>VIGIE_TEST_SEED</c> or the fixed one.
/// </summary>
[Collection("acceptance")]
[UnsupportedOSPlatform("windows")]
public sealed class MailFaultTests
{
    private const string Sender = "bob@contractor.example";
    private const int Clients = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_at_random_moments_the_node_loses_doubles_and_lets_through_nothing()
    {
        PostfixInstance.SkipUnlessInstalled();
        var count = Number("VIGIE_TEST_KILL_MESSAGES", 300);
        var seed = Number("VIGIE_TEST_SEED", 20261121);
        using var folder = new TemporaryFolder();
        var port = FreePorts.Next();
        await using var postfix = await PostfixInstance.StartAsync(
            new PostfixOptions { SmtpdMilters = $"inet:127.0.0.1:{port}", NonSmtpdMilters = $"inet:127.0.0.1:{port}" }, Token);
        var yaml = MailInstance.Yaml($"mode: enforce\n  record: all\n  insistMinDelay: 2s\n  queueHelper: direct:{postfix.ConfigDirectory}\n  notices:\n    enabled: false", port);

        var outcomes = new ConcurrentDictionary<int, Outcome>();
        using var done = new CancellationTokenSource();
        var killing = KillAgainAndAgainAsync(folder.Path, yaml, new Random(seed), done.Token);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var n && n < count) outcomes[n] = await SendUntilDecidedAsync(postfix, n, Token);
            },
            Token)));
        await done.CancelAsync();
        var kills = await killing;

        await using var node = await NodeProcess.StartAsync(folder.Path, yaml, cancellationToken: Token);
        await MailInstance.UntilAsync(async () => (await postfix.QueueAsync(Token)).All(entry => entry.Queue == "hold"), Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} messages, {kills} kills, seed {seed}");
        Assert.True(kills > 0, "the node was never killed");
        await CheckAsync(postfix, folder.Path, yaml, outcomes, seed);
    }

    private static async Task CheckAsync(PostfixInstance postfix, string data, string yaml, ConcurrentDictionary<int, Outcome> outcomes, int seed)
    {
        var delivered = postfix.Sink.Messages.SelectMany(message => message.Recipients).GroupBy(r => r).ToDictionary(g => g.Key, g => g.Count());
        var inHold = await postfix.HeldAsync(Token);
        var held = inHold.SelectMany(entry => entry.Recipients).GroupBy(r => r).ToDictionary(g => g.Key, g => g.Count());
        await using var store = await Vigie.Store.Store.OpenAsync(RunningNode.Read(yaml, data).Store, TimeProvider.System, NullLoggerFactory.Instance, Token);
        var decisions = (await new Decisions(store).SearchAsync(new DecisionQuery { Limit = 10_000 }, Token)).Items;
        var refusals = decisions.Where(d => d.Applied == Verdict.Refuse).GroupBy(d => d.Recipient).ToDictionary(g => g.Key, g => g.Count());
        var byQueueId = decisions.Where(d => d.QueueId is not null).ToLookup(d => d.QueueId!);

        foreach (var (n, outcome) in outcomes)
        {
            var note = string.Create(CultureInfo.InvariantCulture, $"message {n} ({outcome.Kind}), seed {seed}");
            var clean = delivered.GetValueOrDefault(Clean(n));
            var slip = delivered.GetValueOrDefault(Slip(n));
            Assert.True(slip == 0, $"{note}: the slip was delivered");
            switch (outcome.Kind)
            {
                case Kind.Clean:
                    Assert.True(clean == 1, $"{note}: delivered {clean} times");
                    Assert.True(byQueueId[outcome.QueueId!].Any(), $"{note}: let through without a record");
                    break;
                case Kind.Slip:
                    Assert.True(refusals.GetValueOrDefault(Slip(n)) == 1, $"{note}: {refusals.GetValueOrDefault(Slip(n))} refusals on record");
                    break;
                case Kind.Both:
                    Assert.True(clean == 1, $"{note}: delivered {clean} times");
                    Assert.True(refusals.GetValueOrDefault(Slip(n)) == 1, $"{note}: {refusals.GetValueOrDefault(Slip(n))} refusals on record");
                    break;
                case Kind.Local:
                    Assert.True(held.GetValueOrDefault(Slip(n)) == 1, $"{note}: held {held.GetValueOrDefault(Slip(n))} times");
                    var id = inHold.Single(entry => entry.Recipients.Contains(Slip(n))).Id;
                    Assert.True(byQueueId[id].Any(d => d.Applied == Verdict.Hold), $"{note}: held without a record");
                    break;
            }
        }
    }

    // 4xx and lost connections are tried again, as every mail client and server does; 5xx never.
    private static async Task<Outcome> SendUntilDecidedAsync(PostfixInstance postfix, int n, CancellationToken token)
    {
        var kind = (Kind)(n % 4);
        var message = $"From: {Sender}\nTo: x\nSubject: message {n}\n\nbody {n}\n";
        if (kind == Kind.Local)
        {
            await postfix.SendmailAsync(Sender, [Slip(n)], message, token);
            return new Outcome(kind, null);
        }

        var open = kind switch { Kind.Clean => new List<string> { Clean(n) }, Kind.Slip => [Slip(n)], _ => [Slip(n), Clean(n)] };
        string? queueId = null;
        while (open.Count > 0)
        {
            try
            {
                var submission = await postfix.SubmitAsync(Sender, open, message, token);
                // Where MAIL itself was put off, the answers to what follows ("need MAIL command") mean nothing.
                foreach (var (recipient, reply) in submission.Recipients.Where(_ => submission.Mail.Good))
                {
                    if (reply.Code >= 500)
                    {
                        Assert.True(recipient == Slip(n), $"message {n}: {recipient} was refused: {reply}");
                        open.Remove(recipient);
                    }
                    else if (reply.Good && submission.Taken)
                    {
                        Assert.True(recipient == Clean(n), $"message {n}: {recipient} was taken");
                        open.Remove(recipient);
                        queueId = submission.QueueId;
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // Postfix gives up on a client when its own processes are short; not ours to judge.
            }

            if (open.Count > 0) await Task.Delay(100, token);
        }

        return new Outcome(kind, queueId);
    }

    private static async Task<int> KillAgainAndAgainAsync(string data, string yaml, Random random, CancellationToken done)
    {
        var kills = 0;
        while (!done.IsCancellationRequested)
        {
            await using var node = await NodeProcess.StartAsync(data, yaml, cancellationToken: Token);
            try
            {
                await Task.Delay(random.Next(50, 2_500), done);
            }
            catch (OperationCanceledException)
            {
                // The last message is through.
            }

            await node.SignalAsync(PosixSignals.Kill, Token);
            kills++;
        }

        return kills;
    }

    private static string Clean(int n) => string.Create(CultureInfo.InvariantCulture, $"c{n}@example.org");

    private static string Slip(int n) => string.Create(CultureInfo.InvariantCulture, $"j{n}@army.ml");

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : fallback;

    private enum Kind
    {
        Clean,
        Slip,
        Both,
        Local,
    }

    private sealed record Outcome(Kind Kind, string? QueueId);
}
