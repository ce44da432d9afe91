namespace Vigie.Engine.Sigma;

/// <summary>Something about a rule file that a person should know: why a rule does not run, or what in it is doubtful.</summary>
/// <param name="File">The file, as given to the reader.</param>
/// <param name="Line">The line it is about, from 1.</param>
/// <param name="Code">Stable, dotted lower case: <c>correlation.unknown-rule</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="IsError">Whether the document cannot be used; otherwise it runs and this is a warning.</param>
public sealed record SigmaProblem(string File, int Line, string Code, Bilingual Message, bool IsError);
