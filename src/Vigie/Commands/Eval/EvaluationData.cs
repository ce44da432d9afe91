using System.Text.Json;

namespace Vigie.Commands.Eval;

/// <summary>
/// The folder of data nobody here wrote. It is not part of the project, so every reader can answer "absent", and
/// what was absent is named in the report.
/// </summary>
internal sealed class EvaluationData(string root)
{
    private readonly List<string> _absent = [];

    /// <summary>The folder.</summary>
    public string Root { get; } = root;

    /// <summary>Files that were asked for and are not there, relative to <see cref="Root"/>.</summary>
    public IReadOnlyList<string> Absent => _absent;

    /// <summary>The folder named by the caller, else <c>VIGIE_DATA</c>, else <c>shared/data</c> beside the checkout.</summary>
    public static EvaluationData Locate(string? named)
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("VIGIE_DATA");
        if (named is not null) return new EvaluationData(named);
        if (!string.IsNullOrEmpty(fromEnvironment)) return new EvaluationData(fromEnvironment);

        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return new EvaluationData(candidate);
        }

        return new EvaluationData(Path.GetFullPath(Path.Combine("..", "shared", "data")));
    }

    /// <summary>The path of a file; null, and noted as absent, where it is not there.</summary>
    public string? Find(string relative)
    {
        var path = Path.Combine(Root, relative);
        if (File.Exists(path)) return path;
        if (!_absent.Contains(relative)) _absent.Add(relative);
        return null;
    }

    /// <summary>The <c>list</c> of a MISP warning list; empty where the file is absent.</summary>
    public IReadOnlyList<string> WarningList(string relative)
    {
        if (Find(relative) is not { } path) return [];
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("list").EnumerateArray().Select(item => item.GetString() ?? "")];
    }

    /// <summary>
    /// The rows below the heading of a comma-separated file whose fields carry no quotes; empty where the file is absent.
    /// A line with fewer fields than the heading is left out.
    /// </summary>
    public IReadOnlyList<string[]> PlainCsv(string relative)
    {
        if (Find(relative) is not { } path) return [];
        var lines = File.ReadAllLines(path);
        var width = lines.Length == 0 ? 0 : lines[0].Split(',').Length;
        return [.. lines.Skip(1).Select(line => line.Split(',')).Where(fields => fields.Length >= width)];
    }

    /// <summary>The distinct hosts of a folder of phishing URLs (<c>date,URL,description</c>).</summary>
    public IReadOnlyList<string> PhishingHosts(string relative)
    {
        var folder = Path.Combine(Root, relative);
        if (!Directory.Exists(folder))
        {
            if (!_absent.Contains(relative)) _absent.Add(relative);
            return [];
        }

        return [.. Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(','))
            .Where(fields => fields.Length > 1)
            .Select(fields => Uri.TryCreate(fields[1], UriKind.Absolute, out var uri) ? uri.Host : "")
            .Where(host => host.Length > 0)
            .Distinct(StringComparer.Ordinal)];
    }
}
