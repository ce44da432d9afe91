namespace Vigie.Engine.Sigma;

/// <summary>Something wrong with a rule file, for the one who wrote it.</summary>
/// <param name="File">The file as given to the reader.</param>
/// <param name="Line">The line it is about, from 1.</param>
/// <param name="Code">Stable and dotted: <c>modifier.unknown</c>. All are listed in <c>docs/sigma.md</c>.</param>
/// <param name="Message">What is wrong, and what to write instead where that is known.</param>
/// <param name="IsError">
/// Whether the file breaks the specification. What the reader reports as an error it did not take in;
/// the linter's errors are rules that run, and are wrong all the same.
/// </param>
public sealed record SigmaProblem(string File, int Line, string Code, Bilingual Message, bool IsError)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {(IsError ? "error" : "warning")} {Code}: {Message.English}";
}
