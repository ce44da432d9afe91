using System.Diagnostics;
using System.Net;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>OpenDKIM's miltertest, an MTA that is not ours, speaks with the server.</summary>
public sealed class MiltertestTests
{
    private const string Program = "/usr/bin/miltertest";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Finds_every_step_answered_and_every_change_sent()
    {
        if (!File.Exists(Program))
        {
            if (Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1") Assert.Fail("miltertest is not installed: run ./vigie test");
            Assert.Skip("miltertest is not installed");
        }

        var id = "";
        var script = new ScriptedHandler
        {
            Wanted = new MilterNegotiation { Actions = MilterActions.All },
            Reply = (call, macros, _) =>
            {
                if (call.StartsWith("mail", StringComparison.Ordinal)) id = macros["i"];
                return new(call.StartsWith("rcpt <bad@", StringComparison.Ordinal) ? MilterReply.Custom(550, "5.7.1", "Did you mean army.mil?") : MilterReply.Continue);
            },
            Modify = m =>
            {
                m.AddHeader("X-Added", id!);
                m.InsertHeader(0, "X-Inserted", "first");
                m.ChangeHeader("Subject", 1, "changed");
                m.ChangeHeader("X-Gone", 1, "");
                m.AddRecipient("<c@example.org>");
                m.DeleteRecipient("<good@army.mil>");
                m.ReplaceBody("replaced\r\n"u8);
                m.Quarantine("held");
            },
        };
        await using var milter = await RunningMilter.StartAsync(script, cancellationToken: Token);
        var output = await RunAsync("whole-message.lua", $"inet:{((IPEndPoint)milter.EndPoint).Port}@127.0.0.1");
        // miltertest may stop early without a word (as at conninfo after NOCONNECT); this line proves that it did not.
        Assert.Contains("the script came to its end", output, StringComparison.Ordinal);
        Assert.Equal(2, script.Calls.Count(call => call == "eom"));
        Assert.True(200_000 <= script.Calls.Where(call => call.StartsWith("body", StringComparison.Ordinal)).Sum(call => call.Length) / 2);
        Assert.Contains("abort", script.Calls);
        await Eventually.Become(() => script.Disposed == 3, Token);
    }

    private static async Task<string> RunAsync(string script, string socket)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Watches", "Mail", "Milter", "Scripts", script);
        using var process = Process.Start(new ProcessStartInfo(Program, ["-D", $"socket={socket}", "-s", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        try
        {
            await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }

        Assert.True(process.ExitCode == 0, $"miltertest ended with {process.ExitCode}: {await output}{await errors}");
        return await output;
    }
}
