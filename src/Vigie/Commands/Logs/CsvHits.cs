using System.Globalization;

namespace Vigie.Commands.Logs;

/// <summary>Findings as comma-separated values with a heading; no field can become a formula.</summary>
internal sealed class CsvHits : IHitWriter
{
    private readonly TextWriter _output;

    public CsvHits(TextWriter output)
    {
        _output = output;
        Line("time,level,rule_id,title,host,file,format,offset,record,techniques,entities,matched,rule_file,id");
    }

    /// <inheritdoc/>
    public void Write(LogHit hit) => Line(CsvText.Row(
        hit.TimeText, LogHit.NameOf(hit.Level), hit.RuleId, hit.Title, hit.Host, hit.Place.File, hit.Place.Format,
        hit.Place.Offset.ToString(CultureInfo.InvariantCulture), hit.Place.Record, string.Join(' ', hit.Techniques),
        string.Join("; ", hit.Entities.Select(entity => $"{entity.Kind}:{entity.Value}")),
        string.Join("; ", hit.Matched.Select(field => $"{field.Key}={field.Value}")), hit.RuleFile, hit.Id.Value));

    /// <inheritdoc/>
    public void End(ScanSummary summary)
    {
    }

    private void Line(string row)
    {
        _output.Write(row);
        _output.Write("\r\n");
    }
}
