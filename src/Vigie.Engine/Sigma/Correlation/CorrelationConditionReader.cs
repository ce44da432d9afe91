using System.Collections.Immutable;
using System.Globalization;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Reads the condition of a correlation: a map of bounds, or, for temporal ones, a sentence over rule names.</summary>
internal sealed class CorrelationConditionReader(
    SigmaNode? node, CorrelationType? type, int line, Action<int, string, string, string> error, Action<int, string, string, string> warn)
{
    private readonly ImmutableArray<CorrelationBound>.Builder _bounds = ImmutableArray.CreateBuilder<CorrelationBound>();
    private ImmutableArray<string> _fields = [];
    private decimal? _percentile;

    private bool IsTemporal => type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;

    private bool NeedsField => type is CorrelationType.ValueCount or CorrelationType.ValueSum or CorrelationType.ValueAverage or CorrelationType.ValuePercentile;

    public CorrelationCondition Read()
    {
        if (node is null or SigmaScalar { IsNull: true })
        {
            if (type is not null && !IsTemporal) error(line, "correlation.condition-missing", "This type of correlation needs a 'condition', such as 'gte: 10'.", "Ce type de corrélation doit avoir une « condition », par exemple « gte: 10 ».");
            return CorrelationCondition.None;
        }

        if (node is SigmaMap map) return ReadMap(map);
        if (node is SigmaScalar sentence && IsTemporal) return ReadSentence(sentence);
        error(node.Line, "correlation.condition-invalid",
            "'condition' must be a map such as 'gte: 10'; only temporal correlations may have a sentence over rule names.",
            "« condition » doit être une table telle que « gte: 10 » ; seules les corrélations temporelles peuvent avoir une phrase sur des noms de règles.");
        return CorrelationCondition.None;
    }

    private CorrelationCondition ReadSentence(SigmaScalar sentence)
    {
        var expression = TemporalExpressionParser.Parse(sentence.Value, out var wrong);
        if (expression is null) error(sentence.Line, "correlation.condition-invalid", $"The condition cannot be read: {wrong}.", $"La condition ne peut pas être lue : {wrong}.");
        return CorrelationCondition.None with { Expression = expression };
    }

    private CorrelationCondition ReadMap(SigmaMap map)
    {
        foreach (var entry in map.Entries)
        {
            if (entry.Name == "field") ReadFields(entry);
            else if (entry.Name == "percentile") ReadPercentile(entry);
            else ReadBound(entry);
        }

        if (_bounds.Count == 0) error(map.Line, "correlation.condition-empty", "The condition has none of gt, gte, lt, lte, eq, neq.", "La condition n'a aucun de gt, gte, lt, lte, eq, neq.");
        if (NeedsField && _fields.Length == 0) error(map.Line, "correlation.field-missing", "This type of correlation needs the 'field' whose values it takes, in its condition.", "Ce type de corrélation doit citer dans sa condition le champ (« field ») dont elle prend les valeurs.");
        if (!NeedsField && _fields.Length > 0) warn(map.Line, "correlation.field-unused", "'field' has no meaning for this type of correlation.", "« field » n'a pas de sens pour ce type de corrélation.");
        if (_fields.Length > 1 && NeedsField && type is not (CorrelationType.ValueCount or CorrelationType.ValuePercentile))
        {
            error(map.Line, "correlation.field-several", "Only value_count and value_percentile can take several fields together.", "Seuls value_count et value_percentile peuvent prendre plusieurs champs ensemble.");
        }

        return new CorrelationCondition(_bounds.ToImmutable(), NeedsField ? _fields : [], _percentile, null);
    }

    private void ReadBound(SigmaEntry entry)
    {
        BoundKind? kind = entry.Name switch
        {
            "gt" => BoundKind.Greater,
            "gte" => BoundKind.GreaterOrEqual,
            "lt" => BoundKind.Less,
            "lte" => BoundKind.LessOrEqual,
            "eq" => BoundKind.Equal,
            "neq" => BoundKind.NotEqual,
            _ => null,
        };
        if (kind is null) error(entry.Line, "correlation.operator-unknown", $"'{entry.Name}' is no criterion of a condition; known are gt, gte, lt, lte, eq, neq, field and percentile.", $"« {entry.Name} » n'est pas un critère de condition ; sont connus gt, gte, lt, lte, eq, neq, field et percentile.");
        else if (Number(entry.Value) is not { } value) error(entry.Line, "correlation.bound-invalid", $"'{entry.Name}' needs a number.", $"« {entry.Name} » demande un nombre.");
        else _bounds.Add(new CorrelationBound(kind.Value, value));
    }

    private void ReadFields(SigmaEntry entry)
    {
        IEnumerable<SigmaNode> nodes = entry.Value is SigmaList list ? list.Items : [entry.Value];
        _fields = [.. nodes.Select(n => n.Text).OfType<string>().Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];
        if (_fields.Length == 0) error(entry.Line, "correlation.field-invalid", "'field' must be the name of a field, or a list of names.", "« field » doit être le nom d'un champ, ou une liste de noms.");
    }

    private void ReadPercentile(SigmaEntry entry)
    {
        if (type is not CorrelationType.ValuePercentile) warn(entry.Line, "correlation.percentile-unused", "'percentile' has a meaning for value_percentile only.", "« percentile » n'a de sens que pour value_percentile.");
        if (Number(entry.Value) is { } value and >= 0 and <= 100) _percentile = value;
        else error(entry.Line, "correlation.percentile-invalid", "'percentile' must be a number from 0 to 100.", "« percentile » doit être un nombre de 0 à 100.");
    }

    private static decimal? Number(SigmaNode node) =>
        node.Text is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>A condition as read.</summary>
internal sealed record CorrelationCondition(ImmutableArray<CorrelationBound> Bounds, ImmutableArray<string> Fields, decimal? Percentile, TemporalExpression? Expression)
{
    public static CorrelationCondition None { get; } = new([], [], null, null);
}
