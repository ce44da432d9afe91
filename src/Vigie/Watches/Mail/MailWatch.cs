using System.Security.Cryptography;
using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Mail.Milter;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Watches.Mail;

/// <summary>Puts the mail watch into the node: milter, judgement, records, held mail, notices.</summary>
internal static class MailWatch
{
    private const int KeyBytes = 32;

    public static IServiceCollection AddMail(this IServiceCollection services, Settings settings)
    {
        // Links need an address that senders can reach; where the console has one, theirs lies below it.
        var mail = settings.Mail with { InsistUrl = settings.Mail.InsistUrl ?? InsistUrlBelow(settings.Console.PublicUrl) };
        services.AddSingleton(mail);
        services.AddMailRecords(settings);
        services.AddSingleton<MailMetrics>();
        services.AddSingleton<MessageJudgements>();
        services.AddSingleton<IMilterHandler, MailFilter>();
        services.AddStage<ModeKeeper>();
        services.AddStage<LearnedMail>();
        services.AddStage<HoldReconciler>();
        services.AddStage<NoticeSender>();
        services.AddStage<CorrespondentKeeper>();
        services.AddHealthChecks().AddCheck<MailHealthCheck>("mail.watch");
        services.AddSingleton<IReadyNotice, ModeNotice>();
        services.AddMilter(mail.Milter);

        services.AddRetention(new RetentionRule(RetentionKind.Decisions, "mail_decisions", "time"));
        services.AddRetention(new RetentionRule(RetentionKind.Decisions, "mail_counts", "day"));
        services.AddRetention(new RetentionRule(RetentionKind.Decisions, "mail_insistence", "last_at"));
        services.AddRetention(new RetentionRule(RetentionKind.Held, "mail_held", "time", only: "state IN (3, 5, 7, 8)"));
        services.AddRetention(new RetentionRule(RetentionKind.Held, "mail_outbox", "time", "message_id"));
        services.AddRetention(new RetentionRule(RetentionKind.Relationships, "mail_relationships", "last_seen", only: "approved = 0"));
        return services;
    }

    // The repositories that pages and commands use, too.
    private static void AddMailRecords(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(_ => PostfixQueue.Open(settings.Mail.QueueHelper));
        services.AddSingleton(_ => new InsistenceTokens(() => ReadOrMakeKey(settings.DataDirectory)));
        services.AddSingleton<Decisions>();
        services.AddSingleton<MailMode>();
        services.AddSingleton<Relationships>();
        services.AddSingleton<Notices>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<HeldMail>();
        services.AddSingleton<Insistence>();
        services.AddSingleton<LookalikeRecipient>();
    }

    private static string? InsistUrlBelow(Uri? console) =>
        console is null ? null : new Uri(new Uri(console.AbsoluteUri.TrimEnd('/') + "/"), "insist/").AbsoluteUri;

    // Made once, readable by the node alone; links issued before a restart stay good.
    private static byte[] ReadOrMakeKey(string dataDirectory)
    {
        var folder = DataDirectory.Keys(dataDirectory);
        DataDirectory.Prepare(folder);
        var path = Path.Combine(folder, "insistence.key");
        // Read first: on a disk that has gone read-only the node still starts, to say so.
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } known) return known;

        var key = new byte[KeyBytes];
        using var file = DataDirectory.OpenPrivate(path, FileMode.OpenOrCreate, FileShare.None);
        RandomNumberGenerator.Fill(key);
        file.SetLength(0);
        file.Write(key);
        file.Flush(flushToDisk: true);
        return key;
    }
}
