namespace Vigie.Engine.Sigma;

/// <summary>Collects what is wrong with one document.</summary>
internal sealed class ProblemSink(string file, ICollection<SigmaProblem> problems)
{
    /// <summary>Whether something was wrong that keeps the document from being taken in.</summary>
    public bool HasErrors { get; private set; }

    public void Error(int line, string code, string english, string french)
    {
        HasErrors = true;
        problems.Add(new SigmaProblem(file, line, code, new Bilingual(english, french), true));
    }

    public void Error(int line, string code, Bilingual message) => Error(line, code, message.English, message.French);

    public void Warning(int line, string code, string english, string french) =>
        problems.Add(new SigmaProblem(file, line, code, new Bilingual(english, french), false));
}
