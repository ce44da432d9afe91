namespace Vigie.Commands.Eval;

/// <summary>Writes figures for people: the table first, then what lies behind each number.</summary>
internal static class EvaluationText
{
    public static async Task WriteAsync(TextWriter output, IReadOnlyList<Figure> figures)
    {
        await output.WriteLineAsync("what | data | measured | target");
        await output.WriteLineAsync("---|---|---|---");
        foreach (var figure in figures)
            await output.WriteLineAsync($"{figure.Title} | {figure.Data} | {figure.Measured} | {Target(figure)}");

        foreach (var figure in figures.Where(f => f.Rows.Count > 0))
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync($"{figure.Title} ({figure.Data}): {figure.Measured}");
            foreach (var row in figure.Rows)
                await output.WriteLineAsync($"  {row.Name,-38} {row.Value,-34} {row.Note}".TrimEnd());
        }
    }

    private static string Target(Figure figure) => figure.Met switch
    {
        null => "reported",
        true => $"{figure.Target}: met",
        false => $"{figure.Target}: MISSED",
    };
}
