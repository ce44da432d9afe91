namespace Vigie.Commands.Eval;

/// <summary>One measured number, with what it was measured on and what it has to reach.</summary>
/// <param name="Id">Stable id, for a script.</param>
/// <param name="Title">What was measured.</param>
/// <param name="Data">On which data, and how much of it.</param>
/// <param name="Measured">The number in words.</param>
/// <param name="Value">The number itself.</param>
/// <param name="Target">What it has to reach; null where it is reported only.</param>
/// <param name="Met">Whether it does; null where it is reported only.</param>
/// <param name="Rows">What lies behind the number.</param>
internal sealed record Figure(
    string Id, string Title, string Data, string Measured, double Value, string? Target, bool? Met, IReadOnlyList<FigureRow> Rows)
{
    public static Figure Reported(string id, string title, string data, string measured, double value, IReadOnlyList<FigureRow>? rows = null) =>
        new(id, title, data, measured, value, null, null, rows ?? []);

    public static Figure AtLeast(string id, string title, string data, string measured, double value, double least, string target, IReadOnlyList<FigureRow>? rows = null) =>
        new(id, title, data, measured, value, target, value >= least, rows ?? []);

    public static Figure AtMost(string id, string title, string data, string measured, double value, double most, string target, IReadOnlyList<FigureRow>? rows = null) =>
        new(id, title, data, measured, value, target, value <= most, rows ?? []);
}

/// <summary>One line of detail behind a figure.</summary>
internal sealed record FigureRow(string Name, string Value, string Note = "");
