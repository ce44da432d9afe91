using System.Diagnostics;
using System.Runtime.Versioning;
using Vigie.Tests.Acceptance;
using Vigie.Tests.Commands;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Tests.Watches.Mail.Queue;

/// <summary>Releasing, returning and deleting in a real Postfix: directly, and through the helper with the rights its unit leaves it.</summary>
[Collection("acceptance")]
[UnsupportedOSPlatform("windows")]
public sealed class PostfixQueueTests : IDisposable
{
    // Mail from hold@ is held by Postfix itself.
    private static readonly PostfixOptions Holding = new()
    {
        Main = """
            smtpd_end_of_data_restrictions = check_sender_access inline:{ hold@a.example=HOLD }
            """,
    };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_held_message_is_released_returned_or_deleted_exactly_once(bool throughHelper)
    {
        await using var postfix = await PostfixInstance.StartAsync(Holding, Token);
        await using var helper = throughHelper ? await HelperProcess.StartAsync(_folder.Combine("q.sock"), postfix.ConfigDirectory) : null;
        var queue = PostfixQueue.Open(helper?.SocketPath ?? "direct:" + postfix.ConfigDirectory);
        Assert.Empty(await queue.ListAsync(Token));

        var released = await HoldAsync(postfix, "released");
        var returned = await HoldAsync(postfix, "returned");
        var deleted = await HoldAsync(postfix, "deleted");
        var kept = await HoldAsync(postfix, "kept");
        Assert.Equal(new HashSet<string> { released, returned, deleted, kept }, await queue.ListAsync(Token));

        Assert.Equal(new QueueReply(QueueOutcome.Done, "released"), await queue.ReleaseAsync(released, Token));
        Assert.Equal(new QueueReply(QueueOutcome.Done, "returned to the sender"), await queue.ReturnAsync(returned, Token));
        Assert.Equal(new QueueReply(QueueOutcome.Done, "deleted"), await queue.DeleteAsync(deleted, Token));
        await postfix.Sink.WaitForAsync(2, Token);
        await postfix.SettleAsync(Token);

        // One delivered as it was, one as a notice to its sender; nothing of the deleted and the kept one.
        var delivered = Assert.Single(postfix.Sink.Messages, m => m.Sender == "hold@a.example");
        Assert.Equal("released", delivered.Header("Subject"));
        var notice = Assert.Single(postfix.Sink.Messages, m => m.Sender.Length == 0);
        Assert.Equal(["hold@a.example"], notice.Recipients);
        Assert.Contains("Subject: returned", notice.Text, StringComparison.Ordinal);
        Assert.Equal([kept], await queue.ListAsync(Token));

        foreach (var again in (Task<QueueReply>[])[queue.ReleaseAsync(released, Token), queue.ReturnAsync(returned, Token), queue.DeleteAsync(deleted, Token)])
            Assert.Equal(QueueOutcome.NotHeld, (await again).Outcome);
        Assert.Equal(2, postfix.Sink.Messages.Count);
    }

    [Fact]
    public async Task A_message_of_another_queue_is_out_of_reach()
    {
        await using var postfix = await PostfixInstance.StartAsync(Holding with { Main = Holding.Main + "\ndefer_transports = smtp relay\n" }, Token);
        var queue = PostfixQueue.Open("direct:" + postfix.ConfigDirectory);
        var sent = await postfix.SubmitAsync("defer@a.example", ["b@b.example"], "Subject: waiting\n\ntext\n", Token);
        await postfix.SettleAsync(Token);

        Assert.Equal(QueueOutcome.NotHeld, (await queue.DeleteAsync(sent.QueueId!, Token)).Outcome);
        Assert.Equal(QueueOutcome.NotHeld, (await queue.ReturnAsync(sent.QueueId!, Token)).Outcome);
        Assert.Equal(QueueOutcome.NotHeld, (await queue.ReleaseAsync(sent.QueueId!, Token)).Outcome);
        Assert.Equal("deferred", Assert.Single(await postfix.QueueAsync(Token)).Queue);
    }

    [Fact]
    public async Task A_Postfix_that_cannot_be_asked_is_unavailable()
    {
        PostfixInstance.SkipUnlessInstalled();
        var queue = PostfixQueue.Open("direct:" + _folder.Combine("no-postfix-here"));
        Assert.Equal(QueueOutcome.Unavailable, (await queue.ReleaseAsync("B17EEB1E312", Token)).Outcome);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.ListAsync(Token));
    }

    [Fact]
    public async Task The_doctor_sees_how_Postfix_is_wired_and_its_lines_mend_it()
    {
        await using var postfix = await PostfixInstance.StartAsync(null, Token);
        var settings = _folder.Write("vigie.yaml", "mail:\n  milter:\n    tcp: 127.0.0.1:8892\n");
        var before = await CommandLine.RunAsync("doctor", "--only", "postfix", "--postfix", postfix.ConfigDirectory, "--settings", settings, "--data", _folder.Path, "--lang", "en");
        Assert.Equal(Vigie.Commands.ExitCodes.Found, before.ExitCode);
        Assert.Contains("fail  postfix.smtpd-milters", before.Output, StringComparison.Ordinal);

        var lines = before.Output.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal) && line.Contains(" = ", StringComparison.Ordinal)).Select(line => line.Trim()).ToArray();
        Assert.Contains(lines, line => line.StartsWith("smtpd_milters = ", StringComparison.Ordinal));
        await postfix.ReconfigureAsync(Token, lines);

        var after = await CommandLine.RunAsync("doctor", "--only", "postfix", "--postfix", postfix.ConfigDirectory, "--settings", settings, "--data", _folder.Path, "--lang", "en");
        Assert.True(after.ExitCode == Vigie.Commands.ExitCodes.Ok, after.Output);
        Assert.DoesNotContain("main.cf (or", after.Output, StringComparison.Ordinal);
    }

    private static async Task<string> HoldAsync(PostfixInstance postfix, string subject)
    {
        var sent = await postfix.SubmitAsync("hold@a.example", ["b@b.example"], $"Subject: {subject}\n\ntext\n", Token);
        Assert.True(sent.Taken, $"{sent.End}");
        // Postfix answers the client just before the message shows up in the hold queue.
        for (var i = 0; i < 500 && (await postfix.HeldAsync(Token)).All(held => held.Id != sent.QueueId); i++) await Task.Delay(20, Token);
        return sent.QueueId!;
    }

    /// <summary>The helper as a process with no more rights than vigie-queue@.service leaves it.</summary>
    private sealed record HelperProcess(Process Process, string SocketPath) : IAsyncDisposable
    {
        private const string Capabilities = "-all,+dac_override,+dac_read_search,+setgid,+setuid";

        public static async Task<HelperProcess> StartAsync(string socketPath, string configDirectory)
        {
            var unit = File.ReadAllText(Architecture.Repository.Combine("src", "Vigie", "Operations", "Install", "Files", "vigie-queue@.service"));
            Assert.Contains("CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_SETGID CAP_SETUID\n", unit, StringComparison.Ordinal);

            var start = new ProcessStartInfo("setpriv",
                ["--no-new-privs", "--bounding-set=" + Capabilities, "--inh-caps=-all", NodeProcess.Executable, "queue-helper", "--allow", "0", "--listen", socketPath, "--config", configDirectory]);
            var process = Process.Start(start)!;
            while (!File.Exists(socketPath))
            {
                Assert.False(process.HasExited, "the helper ended");
                await Task.Delay(20, Token);
            }

            return new HelperProcess(process, socketPath);
        }

        public async ValueTask DisposeAsync()
        {
            Process.Kill();
            await Process.WaitForExitAsync(CancellationToken.None);
            Process.Dispose();
        }
    }
}
