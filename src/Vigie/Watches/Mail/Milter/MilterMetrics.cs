using System.Diagnostics.Metrics;

namespace Vigie.Watches.Mail.Milter;

/// <summary>What the milter counts; names are part of the documented surface.</summary>
internal sealed class MilterMetrics
{
    private readonly Counter<long> _commands;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _duration;

    public MilterMetrics(IMeterFactory meters, Func<int> sessions)
    {
        var meter = meters.Create("Vigie");
        meter.CreateObservableGauge("vigie.milter.sessions", sessions, "{session}", "Connections from the MTA that are open now.");
        _commands = meter.CreateCounter<long>("vigie.milter.commands", "{command}", "Packets received from the MTA.");
        _errors = meter.CreateCounter<long>("vigie.milter.errors", "{error}", "Connections or steps that ended badly, by kind.");
        _duration = meter.CreateHistogram<double>("vigie.milter.duration", "s", "Time a session took to answer a step.");
    }

    public void Received(MilterCommand command) => _commands.Add(1, Tag(command));

    public void Answered(MilterCommand command, TimeSpan elapsed) => _duration.Record(elapsed.TotalSeconds, Tag(command));

    public void Failed(string kind) => _errors.Add(1, new KeyValuePair<string, object?>("kind", kind));

    private static KeyValuePair<string, object?> Tag(MilterCommand command) => new("command", NameOf(command));

    internal static string NameOf(MilterCommand command) => command switch
    {
        MilterCommand.Abort => "abort",
        MilterCommand.Body => "body",
        MilterCommand.Connect => "connect",
        MilterCommand.Macro => "macro",
        MilterCommand.EndOfMessage => "end-of-message",
        MilterCommand.Helo => "helo",
        MilterCommand.QuitNewConnection => "quit-new-connection",
        MilterCommand.Header => "header",
        MilterCommand.MailFrom => "mail-from",
        MilterCommand.EndOfHeaders => "end-of-headers",
        MilterCommand.Negotiate => "negotiate",
        MilterCommand.Quit => "quit",
        MilterCommand.Recipient => "recipient",
        MilterCommand.Data => "data",
        MilterCommand.Unknown => "unknown",
        _ => "undefined",
    };
}
