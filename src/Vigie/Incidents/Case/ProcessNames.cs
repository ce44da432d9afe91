using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Incidents.Case;

/// <summary>
/// What people call a process. Findings know it by the id its host gave it, which nobody can read; the events they were concluded from say
/// which program it ran and under which number.
/// </summary>
public sealed partial class ProcessNames(Store.Store store)
{
    /// <summary>The findings that are asked for the name of a process.</summary>
    public const int MostAsked = 4;

    private const int MaxDepth = 16;
    private const int MaxFields = 400;
    private const int MaxName = 120;

    // An id, the program and the number that belong to it, as Sysmon and as the Elastic Common Schema call them.
    private static readonly (string Id, string[] Program, string Number)[] Fields =
    [
        ("ProcessGuid", ["Image"], "ProcessId"),
        ("ParentProcessGuid", ["ParentImage"], "ParentProcessId"),
        ("SourceProcessGuid", ["SourceImage"], "SourceProcessId"),
        ("TargetProcessGuid", ["TargetImage"], "TargetProcessId"),
        ("process.entity_id", ["process.executable", "process.name"], "process.pid"),
        ("process.parent.entity_id", ["process.parent.executable", "process.parent.name"], "process.parent.pid"),
    ];

    /// <summary>The name of a process, from the findings that name it; null where none says.</summary>
    public Task<string?> ReadAsync(Entity process, CancellationToken ct) => store.ReadAsync(
        async (connection, token) => Of(process.Value, await connection.QueryAsync<string>(new CommandDefinition(
            $"""
            SELECT e.copy FROM (SELECT finding_id FROM ({FindingBuckets.Named} LIMIT @MostAsked) some) named
            JOIN finding f ON f.id = named.finding_id {FindingBuckets.Evidence} WHERE e.copy IS NOT NULL
            """,
            new { process.Kind, process.Value, MostAsked },
            cancellationToken: token))),
        ct);

    /// <summary>The name of a process, from copies of events; the first that says it counts.</summary>
    /// <param name="process">Its id, as <see cref="EntityKinds.Process"/> has it.</param>
    /// <param name="copies">Events as JSON or XML; others say nothing.</param>
    public static string? Of(string process, IEnumerable<string?> copies) =>
        copies.Select(copy => copy is null ? null : In(copy, process)).FirstOrDefault(name => name is not null);

    private static string? In(string copy, string process)
    {
        // What does not hold the id in any spelling need not be read.
        if (!copy.Contains(process.Trim('{', '}'), StringComparison.OrdinalIgnoreCase)) return null;
        var fields = Read(copy);
        foreach (var (name, value) in fields)
        {
            if (!Is(value, process)) continue;
            foreach (var (id, programs, number) in Fields)
            {
                if (!name.EndsWith(id, StringComparison.OrdinalIgnoreCase) || (name.Length > id.Length && name[^(id.Length + 1)] != '.')) continue;
                var within = name[..^id.Length];
                var program = programs.Select(of => fields.GetValueOrDefault(within + of, "")).FirstOrDefault(path => path.Length > 0);
                if (program is null) continue;
                var file = program[(program.LastIndexOfAny(['\\', '/']) + 1)..];
                if (file.Length is 0 or > MaxName) continue;
                return fields.GetValueOrDefault(within + number) is { Length: > 0 and <= 12 } pid ? $"{file} ({pid})" : file;
            }
        }

        return null;
    }

    // Ids of Sysmon are known in braces and lower case, however the event spells them.
    private static bool Is(string value, string process) => Guid.TryParse(value, out var id) ? id.ToString("B") == process : value == process;

    private static Dictionary<string, string> Read(string copy)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var start = copy.AsSpan().TrimStart();
        if (start.StartsWith("<", StringComparison.Ordinal))
        {
            foreach (Match data in XmlData().Matches(copy).Take(MaxFields)) fields.TryAdd(data.Groups[1].Value, System.Net.WebUtility.HtmlDecode(data.Groups[2].Value));
        }
        else if (start.StartsWith("{", StringComparison.Ordinal))
        {
            try
            {
                using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(copy), new JsonDocumentOptions { MaxDepth = MaxDepth });
                Add(fields, "", document.RootElement);
            }
            catch (JsonException)
            {
                // Cut, or no JSON after all: another finding may say it.
            }
        }

        return fields;
    }

    private static void Add(Dictionary<string, string> fields, string name, JsonElement element)
    {
        if (fields.Count >= MaxFields) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject()) Add(fields, name.Length == 0 ? member.Name : $"{name}.{member.Name}", member.Value);
                break;
            case JsonValueKind.String or JsonValueKind.Number:
                fields.TryAdd(name, element.ToString());
                break;
        }
    }

    [GeneratedRegex("""<Data Name=['"](\w{1,64})['"]>([^<]{0,2000})</Data>""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex XmlData();
}
