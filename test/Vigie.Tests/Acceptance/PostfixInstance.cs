using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Vigie.Tests.Acceptance;

/// <summary>How a test wants its Postfix.</summary>
internal sealed record PostfixOptions
{
    /// <summary>Milters of mail that comes over SMTP, as Postfix writes them (<c>inet:127.0.0.1:8892</c>, <c>unix:/path</c>).</summary>
    public string SmtpdMilters { get; init; } = "";

    /// <summary>Milters of mail that local programs hand to <c>sendmail</c>.</summary>
    public string NonSmtpdMilters { get; init; } = "";

    /// <summary>Further lines of main.cf.</summary>
    public string Main { get; init; } = "";
}

/// <summary>One message in a queue of Postfix, as <c>postqueue -j</c> tells it.</summary>
/// <param name="Id">Its queue id.</param>
/// <param name="Queue">incoming, active, deferred, hold …</param>
/// <param name="Sender">Envelope sender.</param>
/// <param name="Recipients">Envelope recipients not yet delivered.</param>
internal sealed record QueueEntry(string Id, string Queue, string Sender, IReadOnlyList<string> Recipients);

/// <summary>
/// A real Postfix of one test's own: its own folders, free loopback ports, and an <see cref="SmtpSink"/> as next hop of
/// everything, so that nothing ever leaves the machine. Needs root and the Debian package; any number run beside each other.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PostfixInstance : IAsyncDisposable
{
    private const string Master = "/usr/lib/postfix/sbin/master";

    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    private PostfixInstance()
    {
    }

    /// <summary>The next hop.</summary>
    public SmtpSink Sink { get; } = new();

    /// <summary>Port of the smtpd that servers use; its macro <c>{daemon_name}</c> is <c>smtpd</c>.</summary>
    public int SmtpPort { get; private set; }

    /// <summary>Port of the smtpd that people use; its macro <c>{daemon_name}</c> is <c>submission</c>.</summary>
    public int SubmissionPort { get; private set; }

    public string ConfigDirectory => _folder.Combine("etc");

    public string QueueDirectory => _folder.Combine("queue");

    /// <summary>Where Postfix logs.</summary>
    public string LogFile => _folder.Combine("log", "mail.log");

    /// <summary>Skips the test by name where Postfix cannot be run; fails it in a full run, which installs it.</summary>
    public static void SkipUnlessInstalled()
    {
        var missing = !File.Exists(Master) ? "Postfix is not installed" : !Environment.IsPrivilegedProcess ? "a private Postfix needs root" : null;
        if (missing is null) return;
        if (Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1") Assert.Fail($"{missing}: run ./vigie test");
        Assert.Skip(missing);
    }

    public static async Task<PostfixInstance> StartAsync(PostfixOptions? options, CancellationToken cancellationToken)
    {
        SkipUnlessInstalled();
        var postfix = new PostfixInstance();
        try
        {
            await postfix.LayOutAsync(cancellationToken);
            for (var attempt = 1; ; attempt++)
            {
                postfix.WriteSettings(options ?? new PostfixOptions());
                if (await postfix.TryStartAsync(cancellationToken)) return postfix;
                Assert.True(attempt < 5, $"Postfix does not start:\n{postfix.Log()}");
            }
        }
        catch
        {
            await postfix.DisposeAsync();
            throw;
        }
    }

    /// <summary>Submits a message as a mail client does.</summary>
    /// <param name="from">Envelope sender.</param>
    /// <param name="recipients">Envelope recipients.</param>
    /// <param name="message">Header and body.</param>
    /// <param name="user">The user to act as logged in; null for none.</param>
    /// <param name="port">Another port than <see cref="SubmissionPort"/>.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<Submission> SubmitAsync(string from, IEnumerable<string> recipients, string message, CancellationToken cancellationToken, string? user = null, int? port = null)
    {
        await using var smtp = await SmtpConversation.OpenAsync(port ?? SubmissionPort, user, cancellationToken);
        return await smtp.SendAsync(from, recipients, message, cancellationToken);
    }

    /// <summary>Hands a message to <c>sendmail</c>, as local programs do; fails where it is not taken.</summary>
    public Task SendmailAsync(string from, IEnumerable<string> recipients, string message, CancellationToken cancellationToken) =>
        RunAsync("/usr/sbin/sendmail", ["-C", ConfigDirectory, "-i", "-f", from, "--", .. recipients], message, cancellationToken);

    /// <summary>Every message in every queue.</summary>
    public async Task<IReadOnlyList<QueueEntry>> QueueAsync(CancellationToken cancellationToken)
    {
        var lines = await RunAsync("/usr/sbin/postqueue", ["-c", ConfigDirectory, "-j"], null, cancellationToken);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Entry)];

        static QueueEntry Entry(string line)
        {
            var entry = JsonDocument.Parse(line).RootElement;
            return new QueueEntry(
                entry.GetProperty("queue_id").GetString()!, entry.GetProperty("queue_name").GetString()!, entry.GetProperty("sender").GetString()!,
                [.. entry.GetProperty("recipients").EnumerateArray().Select(r => r.GetProperty("address").GetString()!)]);
        }
    }

    /// <summary>The messages on hold.</summary>
    public async Task<IReadOnlyList<QueueEntry>> HeldAsync(CancellationToken cancellationToken) =>
        [.. (await QueueAsync(cancellationToken)).Where(entry => entry.Queue == "hold")];

    /// <summary>Releases a held message, as <c>postsuper -H</c> does.</summary>
    public Task ReleaseAsync(string queueId, CancellationToken cancellationToken) =>
        RunAsync("/usr/sbin/postsuper", ["-c", ConfigDirectory, "-H", queueId], null, cancellationToken);

    /// <summary>Deletes a message from whatever queue it is in.</summary>
    public Task DeleteAsync(string queueId, CancellationToken cancellationToken) =>
        RunAsync("/usr/sbin/postsuper", ["-c", ConfigDirectory, "-d", queueId], null, cancellationToken);

    /// <summary>Tries to deliver all deferred mail now.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => RunAsync("/usr/sbin/postqueue", ["-c", ConfigDirectory, "-f"], null, cancellationToken);

    /// <summary>Waits until no message is in any queue but hold and those held back by the next hop.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(TimeSpan.FromSeconds(60));
        while ((await QueueAsync(bounded.Token)).Any(entry => entry.Queue is "incoming" or "active" or "maildrop")) await Task.Delay(50, bounded.Token);
    }

    /// <summary>Changes settings (<c>name = value</c>) of the running Postfix; processes already serving a client keep the old ones.</summary>
    public async Task ReconfigureAsync(CancellationToken cancellationToken, params string[] settings)
    {
        await RunAsync("/usr/sbin/postconf", ["-c", ConfigDirectory, "-e", .. settings], null, cancellationToken);
        await RunAsync("/usr/sbin/postfix", ["-c", ConfigDirectory, "reload"], null, cancellationToken);
    }

    /// <summary>What Postfix logged so far.</summary>
    public string Log() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "(no log)";

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Sink.DisposeAsync();
        _folder.Dispose();
    }

    private async Task LayOutAsync(CancellationToken cancellationToken)
    {
        // The same owners and modes as Postfix's own post-install gives, which takes a second and more to do it.
        const string script = """
            set -e
            chmod 755 . && mkdir -p etc log data queue && cd queue
            mkdir active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace
            chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace
            chown postfix active bounce corrupt defer deferred flush hold incoming private saved trace ../data ../log
            chown postfix:postdrop maildrop public && chmod 1730 maildrop && chmod 710 public
            """;
        await RunAsync("/bin/sh", ["-c", script], null, cancellationToken, _folder.Path);
    }

    private void WriteSettings(PostfixOptions options)
    {
        (SmtpPort, SubmissionPort) = (FreePort(), FreePort());
        _folder.Write("etc/main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {QueueDirectory}
            data_directory = {_folder.Combine("data")}
            maillog_file = {LogFile}
            maillog_file_prefixes = {_folder.Path}
            mail_owner = postfix
            setgid_group = postdrop
            inet_interfaces = loopback-only
            inet_protocols = ipv4
            myhostname = mx.example.net
            myorigin = example.net
            mydestination =
            local_transport = error:nothing is local
            local_recipient_maps =
            alias_maps =
            alias_database =
            mynetworks = 127.0.0.0/8
            relayhost = [127.0.0.1]:{Sink.Port}
            smtp_dns_support_level = disabled
            smtp_host_lookup = native
            smtpd_authorized_xclient_hosts = 127.0.0.0/8
            smtpd_peername_lookup = no
            smtpd_milters = {options.SmtpdMilters}
            non_smtpd_milters = {options.NonSmtpdMilters}
            notify_classes =
            minimal_backoff_time = 1s
            queue_run_delay = 1s
            smtpd_client_connection_count_limit = 0
            default_process_limit = 200
            {options.Main}

            """);
        _folder.Write("etc/master.cf", $"""
            127.0.0.1:{SmtpPort} inet n - n - - smtpd
              -o milter_macro_daemon_name=smtpd
            127.0.0.1:{SubmissionPort} inet n - n - - smtpd
              -o milter_macro_daemon_name=submission
            pickup unix n - n 1 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd

            """);

        // Postfix waits until a settings file is some seconds old, lest it read one that is still being written.
        foreach (var name in (string[])["main.cf", "master.cf"]) File.SetLastWriteTimeUtc(_folder.Combine("etc", name), DateTime.UtcNow.AddMinutes(-1));
    }

    private async Task<bool> TryStartAsync(CancellationToken cancellationToken)
    {
        // The shell ends Postfix when its own input ends: also where the test process is killed. The master needs a
        // session of its own, as it signals its whole process group.
        const string script = "setsid \"$0\" -c \"$1\" -d & master=$!; cat >/dev/null; { kill -TERM $master; wait $master; } 2>/dev/null";
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script, Master, ConfigDirectory])
        {
            RedirectStandardInput = true,
            WorkingDirectory = QueueDirectory,
            Environment = { ["MAIL_CONFIG"] = ConfigDirectory },
        })!;
        for (var i = 0; i < 500; i++)
        {
            if (await AnswersAsync(SmtpPort, cancellationToken) && await AnswersAsync(SubmissionPort, cancellationToken)) return true;
            if (Log().Contains("Address already in use", StringComparison.Ordinal)) break;
            await Task.Delay(20, cancellationToken);
        }

        await StopAsync();
        return false;
    }

    private async Task StopAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Another program may take the port before Postfix does; StartAsync then tries again.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? input, CancellationToken cancellationToken, string? folder = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        var trouble = await errors;
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {trouble}");
        return await output;
    }
}
