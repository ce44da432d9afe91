using Vigie.Protection;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Watches.Mail;

/// <summary>What the sessions of the mail watch share; opens one per SMTP connection.</summary>
internal sealed class MailFilter(
    LookalikeRecipient detector,
    MailMode mode,
    MessageJudgements judgements,
    LearnedMail learned,
    ProtectedNames names,
    MailSettings settings,
    MailMetrics metrics,
    TimeProvider time,
    ILogger<MailFilter> log) : IMilterHandler
{
    public LookalikeRecipient Detector => detector;

    public MailMode Mode => mode;

    public MessageJudgements Judgements => judgements;

    public LearnedMail Learned => learned;

    public ProtectedNames Names => names;

    public MailSettings Settings => settings;

    public MailMetrics Metrics => metrics;

    public TimeProvider Time => time;

    public ILogger Log => log;

    public IMilterSession Open(MilterConnection connection) => new MailSession(this);
}
