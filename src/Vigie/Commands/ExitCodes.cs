namespace Vigie.Commands;

/// <summary>What the process answers a script; documented in <c>docs/commands.md</c> and stable.</summary>
internal static class ExitCodes
{
    /// <summary>Done; where the command looks for something, nothing was found.</summary>
    public const int Ok = 0;

    /// <summary>Done, and something was found (<c>scan</c>, <c>doctor</c>, <c>config check</c>).</summary>
    public const int Found = 1;

    /// <summary>The command line or the settings are wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>An input could not be read, or the world refused: the message says what.</summary>
    public const int Failed = 3;

    /// <summary>Interrupted before it was done (Ctrl+C), as shells count it: 128 + SIGINT.</summary>
    public const int Stopped = 130;
}
