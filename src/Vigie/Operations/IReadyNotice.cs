using Vigie.Engine;

namespace Vigie.Operations;

/// <summary>
/// Something <c>vigie up</c> tells the person who started it, once the node is ready: a set-up link, the mail mode.
/// Register with <c>services.AddSingleton&lt;IReadyNotice, …&gt;()</c>; notices are printed in order of registration.
/// A notice that fails is logged and left out.
/// </summary>
internal interface IReadyNotice
{
    /// <summary>The line to print, or null when there is nothing to say.</summary>
    /// <param name="console">The console's own address, for links.</param>
    /// <param name="cancellationToken">Given up when the node stops.</param>
    Task<ReadyLine?> ReadAsync(Uri console, CancellationToken cancellationToken);
}

/// <summary>One line of what <c>vigie up</c> prints.</summary>
/// <param name="Label">What it is: "Set-up link".</param>
/// <param name="Value">The value, the same in every language.</param>
/// <param name="Note">Words after the value, or null.</param>
internal sealed record ReadyLine(Bilingual Label, string Value, Bilingual? Note = null);
