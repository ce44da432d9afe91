namespace Vigie.Engine.Lookalikes;

/// <summary>The tables that are compiled into the engine: lines of text, <c>#</c> begins a comment line.</summary>
internal static class EmbeddedTable
{
    /// <summary>The lines of a table, without its header and comments.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The engine was built without its table {name}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#') yield return line;
        }
    }
}
