using System.Globalization;

namespace Vigie.Watches.Mail.Milter;

/// <summary>What a session answers to one step.</summary>
public readonly record struct MilterReply
{
    // libmilter's own bounds on reply texts; the MTA's buffers are made for them.
    internal const int MaxLines = 32;
    internal const int MaxLineLength = 980;

    private MilterReply(MilterAnswer answer, string? text = null)
    {
        Answer = answer;
        Text = text;
    }

    /// <summary>Go on.</summary>
    public static MilterReply Continue { get; } = new(MilterAnswer.Continue);

    /// <summary>Let the message (or, at connect and HELO, the whole connection) pass and ask no more about it.</summary>
    public static MilterReply Accept { get; } = new(MilterAnswer.Accept);

    /// <summary>Refuse the recipient, message or connection for good, in the MTA's words.</summary>
    public static MilterReply Reject { get; } = new(MilterAnswer.Reject);

    /// <summary>Tell the sender it was accepted and throw the message away.</summary>
    public static MilterReply Discard { get; } = new(MilterAnswer.Discard);

    /// <summary>Refuse the recipient, message or connection for now, in the MTA's words.</summary>
    public static MilterReply TempFail { get; } = new(MilterAnswer.TempFail);

    /// <summary>Send no more of the body; where the MTA cannot do that the server drops the rest.</summary>
    public static MilterReply Skip { get; } = new(MilterAnswer.Skip);

    /// <summary>Make the MTA answer 421 and close the SMTP connection.</summary>
    public static MilterReply Shutdown { get; } = new(MilterAnswer.Shutdown);

    /// <summary>Whether a message may go on after this answer.</summary>
    public bool LetsPass => Answer is MilterAnswer.Continue or MilterAnswer.Accept or MilterAnswer.Skip or 0;

    /// <summary>The reply text of <see cref="Custom"/> as the SMTP client shall see it, lines separated by CR LF; null for all others.</summary>
    public string? Text { get; }

    // default(MilterReply) is Continue, so that a forgotten reply never refuses mail.
    internal MilterAnswer Answer => field == 0 ? MilterAnswer.Continue : field;

    /// <summary>Refuses with a text of one's own.</summary>
    /// <param name="code">SMTP reply code, 400 to 599.</param>
    /// <param name="enhanced">Enhanced status code of the same class (RFC 3463), such as <c>5.7.1</c>; null for none.</param>
    /// <param name="lines">
    /// 1 to 32 lines; control characters become spaces and what exceeds 980 characters is cut. Keep to ASCII unless the
    /// client asked for SMTPUTF8 (RFC 6531 §3.3).
    /// </param>
    /// <exception cref="ArgumentException">The code or the enhanced code is not one an MTA would take.</exception>
    public static MilterReply Custom(int code, string? enhanced, params IReadOnlyList<string> lines)
    {
        if (code is < 400 or > 599) throw new ArgumentOutOfRangeException(nameof(code), code, "must be from 400 to 599");
        if (enhanced is not null && !IsEnhanced(enhanced, code / 100)) throw new ArgumentException($"\"{enhanced}\" is not an enhanced code of class {code / 100}", nameof(enhanced));
        if (lines.Count is 0 or > MaxLines) throw new ArgumentException($"must be 1 to {MaxLines} lines", nameof(lines));

        var number = code.ToString(CultureInfo.InvariantCulture);
        var prefix = enhanced is null ? "" : enhanced + " ";
        var text = string.Join("\r\n", lines.Select((line, i) => number + (i + 1 < lines.Count ? '-' : ' ') + prefix + Clean(line)));
        return new MilterReply(MilterAnswer.ReplyCode, text);
    }

    /// <inheritdoc/>
    public override string ToString() => Text ?? Answer.ToString();

    // RFC 3463 §2: class "." subject "." detail, the latter two of one to three digits.
    private static bool IsEnhanced(string text, int codeClass)
    {
        var parts = text.Split('.');
        return parts.Length == 3 && parts[0] == codeClass.ToString(CultureInfo.InvariantCulture)
            && parts.Skip(1).All(part => part.Length is >= 1 and <= 3 && part.All(char.IsAsciiDigit));
    }

    private static string Clean(string line)
    {
        var kept = line.Length > MaxLineLength ? line[..MaxLineLength] : line;
        return kept.Any(char.IsControl) ? string.Create(kept.Length, kept, Spaced) : kept;

        static void Spaced(Span<char> target, string source)
        {
            for (var i = 0; i < target.Length; i++) target[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    }
}
