namespace Vigie.Engine.Events;

/// <summary>What kind of log an event comes from, in the three terms of the Sigma specification ("Log source").</summary>
/// <param name="Product">For example <c>windows</c>, <c>postfix</c>; null when the source names none.</param>
/// <param name="Category">For example <c>process_creation</c>, <c>mail</c>.</param>
/// <param name="Service">For example <c>sysmon</c>, <c>smtp</c>.</param>
public readonly record struct LogSource(string? Product, string? Category, string? Service);
