using System.Text;
using System.Text.Json;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Engine.Mime;
using Vigie.Incidents.Notifications;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Incidents.Notifications;

/// <summary>From a stored incident to the mail server and the webhook, and every way it can go wrong in between.</summary>
public sealed class NotificationFlowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_new_incident_is_told_once_and_again_when_it_has_risen_enough()
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail);
        await rig.IncidentAsync(7, Severity.High, 50);
        await rig.TellAsync(rig.Mail);
        await rig.TellAsync(rig.Mail);
        Assert.Contains("Somebody dumped credentials", Subject(Assert.Single(rig.Sink.Messages)), StringComparison.Ordinal);

        await rig.IncidentAsync(7, Severity.High, 64.9);
        await rig.TellAsync(rig.Mail);
        Assert.Single(rig.Sink.Messages);
        await rig.IncidentAsync(7, Severity.High, 65);
        await rig.TellAsync(rig.Mail);
        Assert.Equal(2, rig.Sink.Messages.Count);
        Assert.Contains("graver", Subject(rig.Sink.Messages.Last()), StringComparison.Ordinal);
        await rig.IncidentAsync(7, Severity.Critical, 65);
        await rig.TellAsync(rig.Mail);
        Assert.Equal(3, rig.Sink.Messages.Select(message => message.Header("Message-ID")).Distinct().Count());
    }

    [Fact]
    public async Task What_is_too_small_closed_or_was_there_before_the_channel_is_not_told()
    {
        await using var rig = await NotificationRig.StartAsync();
        var channel = rig.Mail with { AtLeastScore = 40, AtLeastSeverity = Severity.High };
        await rig.IncidentAsync(1, Severity.Critical, 90);
        await rig.IntroduceAsync(channel);
        await rig.IncidentAsync(2, Severity.Medium, 90);
        await rig.IncidentAsync(3, Severity.High, 39.9);
        await rig.IncidentAsync(4, Severity.High, 90, status: 3);
        await rig.IncidentAsync(5, Severity.High, 90, status: 4);
        Assert.Equal(0, await rig.RecordAsync(channel));
        await rig.IncidentAsync(3, Severity.High, 40);
        Assert.Equal(1, await rig.RecordAsync(channel));
        // It was there before, and has become graver since.
        await rig.IncidentAsync(1, Severity.Critical, 100);
        Assert.Equal(0, await rig.RecordAsync(channel));
    }

    [Fact]
    public async Task After_a_restore_a_number_that_comes_again_is_a_new_incident()
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail);
        await rig.IncidentAsync(7, createdAt: 1);
        await rig.TellAsync(rig.Mail);
        await rig.IncidentAsync(7, createdAt: 2);
        await rig.TellAsync(rig.Mail);
        Assert.Equal(2, rig.Sink.Messages.Select(message => message.Header("Message-ID")).Distinct().Count());
        Assert.All(rig.Sink.Messages, message => Assert.Contains("New incident", Subject(message), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_at_once_are_all_recorded()
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail);
        for (var i = 1; i <= 450; i++) await rig.IncidentAsync(i);
        Assert.Equal(450, await rig.RecordAsync(rig.Mail));
        Assert.Equal(0, await rig.RecordAsync(rig.Mail));
        Assert.Equal(0, await rig.Table.RecordAsync(rig.Mail, NotificationRig.Writer(rig.Mail), [1, 2, 451], NotificationRig.Token));
    }

    [Fact]
    public async Task Above_the_limit_of_an_hour_they_wait_and_become_one_digest()
    {
        await using var rig = await NotificationRig.StartAsync(Noon);
        var channel = rig.Mail with { PerHour = 3 };
        await rig.IntroduceAsync(channel);
        for (var i = 1; i <= 10; i++) await rig.IncidentAsync(i, score: 40 + i);
        await rig.TellAsync(channel);
        Assert.Equal(3, rig.Sink.Messages.Count);
        rig.Time.Advance(TimeSpan.FromMinutes(59));
        await rig.DispatchAsync(channel);
        Assert.Equal(3, rig.Sink.Messages.Count);

        rig.Time.Advance(TimeSpan.FromMinutes(2));
        await rig.DispatchAsync(channel);
        Assert.Equal(4, rig.Sink.Messages.Count);
        var digest = rig.Sink.Messages.Last();
        Assert.Contains("Digest: 7 held back", Subject(digest), StringComparison.Ordinal);
        var text = Text(digest);
        // The gravest went at once; of the rest the gravest comes first, each with its link.
        Assert.Equal([10, 9, 8], rig.Sink.Messages.Take(3).Select(message => int.Parse(Subject(message).Split(' ')[3].TrimEnd(':'), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(text.IndexOf("incident 7:", StringComparison.Ordinal) < text.IndexOf("incident 1:", StringComparison.Ordinal));
        Assert.Contains("https://vigie.example.org/incidents/7", text, StringComparison.Ordinal);
        Assert.Equal(7, (await rig.AllAsync()).Count(one => one.State == NotificationState.InDigest));

        // Each incident's history says that somebody was told.
        var told = await rig.Store.ReadAsync((connection, _) => connection.QueryAsync<long>("SELECT incident_id FROM incident_history WHERE action = 'notified'"), NotificationRig.Token);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), told.Order());
    }

    [Fact]
    public async Task What_became_of_them_is_counted_by_the_kind_of_channel()
    {
        await using var rig = await NotificationRig.StartAsync(Noon);
        var mail = rig.Mail with { PerHour = 3 };
        await rig.IntroduceAsync(mail, rig.Webhook);
        for (var i = 1; i <= 10; i++) await rig.IncidentAsync(i);
        await rig.TellAsync(mail);
        rig.Time.Advance(TimeSpan.FromHours(1.1));
        await rig.DispatchAsync(mail);
        rig.Receiver.Answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await rig.TellAsync(rig.Webhook);
        Assert.Equal(
            """
            vigie_incidents_notifications_total{channel="mail",outcome="held-back"} 7
            vigie_incidents_notifications_total{channel="mail",outcome="sent"} 4
            vigie_incidents_notifications_total{channel="webhook",outcome="failed"} 10
            """,
            rig.Counted(),
            ignoreLineEndingDifferences: true);

        rig.Receiver.Answer = _ => Task.CompletedTask;
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.DispatchAsync(rig.Webhook);
        Assert.Contains("{channel=\"webhook\",outcome=\"sent\"} 10", rig.Counted(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_quiet_hours_only_what_is_grave_gets_through_and_the_rest_comes_in_the_morning()
    {
        await using var rig = await NotificationRig.StartAsync(new DateTimeOffset(2026, 11, 22, 21, 0, 0, TimeSpan.Zero));
        // 22:00 in Paris.
        var channel = rig.Mail with { Quiet = QuietHours.Parse("22:00-06:30", TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")) };
        await rig.IntroduceAsync(channel);
        await rig.IncidentAsync(1, Severity.High);
        await rig.IncidentAsync(2, Severity.Critical);
        await rig.TellAsync(channel);
        Assert.Contains("incident 2", Subject(Assert.Single(rig.Sink.Messages)), StringComparison.Ordinal);
        rig.Time.Advance(TimeSpan.FromHours(8.4));
        await rig.DispatchAsync(channel);
        Assert.Single(rig.Sink.Messages);
        rig.Time.Advance(TimeSpan.FromHours(0.2));
        await rig.DispatchAsync(channel);
        Assert.Contains("incident 1", Text(rig.Sink.Messages.Last()), StringComparison.Ordinal);
        Assert.Equal(2, rig.Sink.Messages.Count);
    }

    [Fact]
    public async Task A_server_that_is_away_is_tried_again_with_growing_pauses_and_not_for_ever()
    {
        await using var rig = await NotificationRig.StartAsync(Noon);
        rig.Sink.Answer = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "451 not now" : null;
        await rig.IntroduceAsync(rig.Mail);
        await rig.IncidentAsync(1);
        await rig.TellAsync(rig.Mail);
        var first = Assert.Single(await rig.AllAsync());
        Assert.Equal((NotificationState.Waiting, 1, TimeSpan.FromSeconds(10)), (first.State, first.Attempts, first.Next - rig.Time.GetUtcNow()));
        Assert.Contains("451 not now", first.Problem, StringComparison.Ordinal);

        var pauses = new List<TimeSpan>();
        while (true)
        {
            var one = Assert.Single(await rig.AllAsync());
            if (one.State != NotificationState.Waiting) break;
            pauses.Add(one.Next - rig.Time.GetUtcNow());
            rig.Time.Advance(one.Next - rig.Time.GetUtcNow());
            await rig.DispatchAsync(rig.Mail);
        }

        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(NotificationTable.MaxAttempts - 1, pauses.Count);
        Assert.Equal(TimeSpan.FromHours(2), pauses[^1]);
        Assert.Equal(NotificationState.GivenUp, (await rig.AllAsync())[0].State);
        Assert.Contains($"{{channel=\"mail\",outcome=\"failed\"}} {NotificationTable.MaxAttempts}\n", rig.Counted(), StringComparison.Ordinal);
        Assert.Contains("{channel=\"mail\",outcome=\"given-up\"} 1", rig.Counted(), StringComparison.Ordinal);
        Assert.Single(await rig.Table.TroubledAsync(rig.Time.GetUtcNow().AddDays(-1), NotificationRig.Token));
        Assert.Empty(rig.Sink.Messages);
    }

    [Fact]
    public async Task A_node_that_falls_between_sending_and_recording_sends_again_under_the_same_id()
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail, rig.Webhook);
        await rig.IncidentAsync(1);
        await rig.RecordAsync(rig.Mail);
        await rig.RecordAsync(rig.Webhook);
        foreach (var channel in new[] { rig.Mail, rig.Webhook })
        {
            // Sent, and then nothing more: as when the power goes.
            using var sender = new NotificationSender(channel, rig.Time);
            await sender.SendAsync(Assert.Single(await rig.Table.DueAsync(channel.Name, 10, NotificationRig.Token)), NotificationRig.Token);
        }

        await rig.RestartAsync();
        await rig.IntroduceAsync(rig.Mail, rig.Webhook);
        await rig.TellAsync(rig.Mail);
        await rig.TellAsync(rig.Webhook);
        Assert.Equal(2, rig.Sink.Messages.Count);
        Assert.Single(rig.Sink.Messages.Select(message => message.Header("Message-ID")).Distinct());
        Assert.Equal(2, rig.Receiver.Received.Count);
        Assert.Single(rig.Receiver.Received.Select(received => received.Headers["Idempotency-Key"].ToString()).Distinct());
        await rig.TellAsync(rig.Mail);
        Assert.Equal(2, rig.Sink.Messages.Count);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_delays_nothing_for_long()
    {
        await using var rig = await NotificationRig.StartAsync(Noon);
        await rig.IntroduceAsync(rig.Mail);
        await rig.IncidentAsync(1);
        await rig.RecordAsync(rig.Mail);
        rig.Time.Advance(TimeSpan.FromHours(-24));
        await rig.DispatchAsync(rig.Mail);
        Assert.Single(rig.Sink.Messages);
    }

    [Fact]
    public async Task What_waits_for_a_channel_that_is_gone_is_given_up_and_says_so()
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail);
        await rig.IncidentAsync(1);
        await rig.RecordAsync(rig.Mail);
        await rig.IntroduceAsync(rig.Webhook);
        var one = Assert.Single(await rig.AllAsync());
        Assert.Equal(NotificationState.GivenUp, one.State);
        Assert.Contains("no longer", one.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_recipient_that_is_refused_keeps_none_of_the_others_from_it_and_is_named()
    {
        await using var rig = await NotificationRig.StartAsync();
        var channel = rig.Mail with { To = ["gone@example.org", "soc@example.org"] };
        rig.Sink.Answer = line => line.Contains("gone@", StringComparison.Ordinal) && line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null;
        await rig.IntroduceAsync(channel);
        await rig.IncidentAsync(1);
        await rig.TellAsync(channel);
        Assert.Equal(["soc@example.org"], Assert.Single(rig.Sink.Messages).Recipients);
        var one = Assert.Single(await rig.AllAsync());
        Assert.Equal(NotificationState.Sent, one.State);
        Assert.Contains("gone@example.org: 550", one.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_signed_so_that_its_receiver_can_tell()
    {
        await using var rig = await NotificationRig.StartAsync(Noon);
        await rig.IntroduceAsync(rig.Webhook);
        await rig.IncidentAsync(7);
        await rig.TellAsync(rig.Webhook);
        var (path, headers, body) = Assert.Single(rig.Receiver.Received);
        Assert.Equal("/hooks/t0k3n", path);
        Assert.Equal("application/json; charset=utf-8", headers.ContentType);
        Assert.Equal("incident.new", headers["X-Vigie-Event"]);
        Assert.Equal(Noon.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), headers["X-Vigie-Timestamp"]);
        // As docs/notifications.md has it, by other means.
        var signed = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(NotificationRig.Secret), (byte[])[.. Encoding.ASCII.GetBytes(headers["X-Vigie-Timestamp"] + "."), .. body]);
        Assert.Equal("v1=" + Convert.ToHexStringLower(signed), headers["X-Vigie-Signature"]);
        using var document = JsonDocument.Parse(body);
        Assert.Equal(headers["Idempotency-Key"], document.RootElement.GetProperty("id").GetString());
        Assert.Equal(7, document.RootElement.GetProperty("incident").GetProperty("number").GetInt64());
        Assert.Equal("https://vigie.example.org/incidents/7", document.RootElement.GetProperty("incident").GetProperty("link").GetString());
    }

    [Fact]
    public async Task A_digest_over_a_webhook_has_every_incident()
    {
        await using var rig = await NotificationRig.StartAsync(Noon);
        var channel = rig.Webhook with { PerHour = 1 };
        await rig.IntroduceAsync(channel);
        for (var i = 1; i <= 4; i++) await rig.IncidentAsync(i, score: 40 + i);
        await rig.TellAsync(channel);
        rig.Time.Advance(TimeSpan.FromMinutes(61));
        await rig.DispatchAsync(channel);
        using var document = JsonDocument.Parse(rig.Receiver.Received.Last().Body);
        Assert.Equal(("incident.digest", 3), (document.RootElement.GetProperty("event").GetString(), document.RootElement.GetProperty("held").GetInt32()));
        Assert.Equal([3, 2, 1], document.RootElement.GetProperty("incidents").EnumerateArray().Select(incident => incident.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var rig = await NotificationRig.StartAsync();
        rig.Receiver.Answer = http =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        await rig.IntroduceAsync(rig.Webhook);
        await rig.IncidentAsync(1);
        await rig.TellAsync(rig.Webhook);
        Assert.Equal("/hooks/t0k3n", Assert.Single(rig.Receiver.Received).Path);
        var one = Assert.Single(await rig.AllAsync());
        Assert.Equal(NotificationState.Waiting, one.State);
        Assert.Contains("redirects are not followed", one.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_goes_wrong_names_neither_the_address_nor_the_answer_of_a_webhook(bool answers)
    {
        await using var rig = await NotificationRig.StartAsync();
        rig.Receiver.Answer = async http =>
        {
            http.Response.StatusCode = 500;
            await http.Response.WriteAsync("stack trace with seventeen candles");
        };
        await rig.IntroduceAsync(rig.Webhook);
        await rig.IncidentAsync(1);
        var channel = answers ? rig.Webhook : rig.Webhook with { Url = new Uri("http://127.0.0.1:1/hooks/t0k3n?key=k3y") };
        await rig.RecordAsync(channel);
        await rig.DispatchAsync(channel);
        var problem = Assert.Single(await rig.AllAsync()).Problem;
        Assert.Contains("127.0.0.1", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("t0k3n", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("k3y", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("candles", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x\r\nBcc: everybody@example.org\r\n\r\nbody")]
    [InlineData("x\nX-Injected: 1")]
    [InlineData("\u202Etxt.exe \0 \u200B end")]
    public async Task A_hostile_title_stays_a_title(string title)
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail, rig.Webhook);
        await rig.IncidentAsync(1, title: title);
        await rig.TellAsync(rig.Mail);
        await rig.TellAsync(rig.Webhook);
        var message = Assert.Single(rig.Sink.Messages);
        Assert.Equal(["soc@example.org"], message.Recipients);
        Assert.Null(message.Header("Bcc"));
        Assert.Null(message.Header("X-Injected"));
        Assert.DoesNotContain(Subject(message), c => char.IsControl(c) || c is '\u202E' or '\u200B');
        using var document = JsonDocument.Parse(rig.Receiver.Received.Single().Body);
        Assert.DoesNotContain(document.RootElement.GetProperty("incident").GetProperty("title").GetString()!, c => char.IsControl(c) || c is '\u202E' or '\u200B');
    }

    [Fact]
    public async Task A_title_of_a_megabyte_is_cut()
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail);
        await rig.IncidentAsync(1, title: new string('x', 1_000_000));
        await rig.TellAsync(rig.Mail);
        Assert.True(Assert.Single(rig.Sink.Messages).Text.Length < 5_000);
    }

    [Fact]
    public async Task Mail_holds_the_title_the_score_the_reasons_and_a_link_and_nothing_else()
    {
        await using var rig = await NotificationRig.StartAsync();
        await rig.IntroduceAsync(rig.Mail with { Language = "fr" });
        await rig.IncidentAsync(7);
        await rig.TellAsync(rig.Mail with { Language = "fr" });
        var message = Assert.Single(rig.Sink.Messages);
        var text = Text(message);
        Assert.Contains("À cause de trois règles.", text, StringComparison.Ordinal);
        Assert.Contains("Gravité : élevée. Score : 50 sur 100.", text, StringComparison.Ordinal);
        Assert.Contains("https://vigie.example.org/incidents/7", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dc01.secret.example", text, StringComparison.Ordinal);
        Assert.Equal(("", "auto-generated"), (message.Sender, message.Header("Auto-Submitted")));
        Assert.Equal("<soc@example.org>", message.Header("To"));
    }

    internal static string Subject(SunkMessage message) => EncodedWords.Decode(message.Header("Subject")!);

    internal static string Text(SunkMessage message) => Encoding.UTF8.GetString(Convert.FromBase64String(message.Text.Split("\r\n\r\n", 2)[1]));
}
