using System.Diagnostics.Metrics;

namespace Vigie.Watches.Mail;

/// <summary>What the mail watch counts and times.</summary>
internal sealed class MailMetrics
{
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _recipients;
    private readonly Histogram<double> _judging;

    public MailMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Vigie");
        _decisions = meter.CreateCounter<long>("vigie.mail.decisions", "{recipient}", "Decisions about recipients by what policy says and what was done.");
        _recipients = meter.CreateCounter<long>("vigie.mail.recipients", "{recipient}", "Recipients seen: incoming, clean, resembling, not-checked.");
        _judging = meter.CreateHistogram<double>("vigie.mail.judging", "s", "Time to judge one recipient.");
    }

    public void Decided(Verdict verdict, Verdict applied) => _decisions.Add(
        1,
        new KeyValuePair<string, object?>("verdict", NameOf(verdict)),
        new KeyValuePair<string, object?>("applied", NameOf(applied)));

    public void Judged(RecipientKind kind, TimeSpan took)
    {
        _recipients.Add(1, new KeyValuePair<string, object?>("kind", kind switch
        {
            RecipientKind.Incoming => CountedKinds.Incoming,
            RecipientKind.Clean => CountedKinds.Clean,
            _ => "resembling",
        }));
        _judging.Record(took.TotalSeconds);
    }

    public void NotChecked() => _recipients.Add(1, new KeyValuePair<string, object?>("kind", CountedKinds.NotChecked));

    private static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Deliver => "deliver",
        Verdict.Mark => "mark",
        Verdict.Refuse => "refuse",
        Verdict.Hold => "hold",
        _ => "defer",
    };
}
