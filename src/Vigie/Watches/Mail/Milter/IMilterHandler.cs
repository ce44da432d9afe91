using System.Net;

namespace Vigie.Watches.Mail.Milter;

/// <summary>Makes one session per SMTP connection. Called from many threads; must not block.</summary>
public interface IMilterHandler
{
    /// <summary>Opens a session. A failure answers the connection by the policy on failure.</summary>
    IMilterSession Open(MilterConnection connection);
}

/// <summary>The MTA's connection to the milter.</summary>
/// <param name="Id">Number of the connection within this process, for the log.</param>
/// <param name="Local">The listener's address.</param>
/// <param name="Remote">The MTA's address; null over a unix socket.</param>
public sealed record MilterConnection(long Id, EndPoint Local, EndPoint? Remote);
