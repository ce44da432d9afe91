using Vigie.Console;
using Vigie.Incidents;
using Vigie.Protection;
using Vigie.Store;
using Vigie.Watches.Domains;
using Vigie.Watches.Logs;
using Vigie.Watches.Mail;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vigie.Operations;

/// <summary>
/// The whole of <c>vigie.yaml</c>, validated. The rest of the program sees only this: a value that exists here is good.
/// Every setting has a default, so an absent or empty file is a working node.
/// </summary>
public sealed record Settings
{
    /// <summary>The largest settings file that is read; YAML aliases are refused, so this also bounds the memory.</summary>
    public const int MaxFileBytes = 1_000_000;

    private const int MaxDepth = 16;

    /// <summary>Where the store, sockets and keys of this node live.</summary>
    public required string DataDirectory { get; init; }

    public required StoreSettings Store { get; init; }

    public required ProtectionSettings Protection { get; init; }

    public required MailSettings Mail { get; init; }

    public required DomainsSettings Domains { get; init; }

    public required LogsSettings Logs { get; init; }

    public required IncidentsSettings Incidents { get; init; }

    public required ConsoleSettings Console { get; init; }

    public required OperationsSettings Operations { get; init; }

    /// <summary>Reads a settings file.</summary>
    /// <param name="file">Path of the file; null reads the defaults alone.</param>
    /// <param name="dataDirectory">Overrides <c>dataDirectory</c>, as <c>--data</c> does.</param>
    /// <param name="problems">Everything wrong with the file; where it is not empty, the result must not be used.</param>
    public static Settings Load(string? file, string? dataDirectory, out IReadOnlyList<SettingsProblem> problems)
    {
        if (file is null) return Parse("", dataDirectory, out problems);
        try
        {
            if (new FileInfo(file).Length > MaxFileBytes)
            {
                var defaults = Parse("", dataDirectory, out _);
                problems = [new SettingsProblem(0, "", $"is larger than {MaxFileBytes} bytes; that is not a settings file")];
                return defaults;
            }

            return Parse(File.ReadAllText(file), dataDirectory, out problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var defaults = Parse("", dataDirectory, out _);
            problems = [new SettingsProblem(0, "", $"cannot be read: {e.Message}")];
            return defaults;
        }
    }

    /// <summary>The dotted path of every setting there is.</summary>
    public static IReadOnlyList<string> KnownKeys()
    {
        var root = new SettingsSection(null, "", []);
        Read(root, null);
        return [.. root.AskedPaths()];
    }

    /// <summary>Reads settings from text; see <see cref="Load"/>.</summary>
    public static Settings Parse(string yaml, string? dataDirectory, out IReadOnlyList<SettingsProblem> problems)
    {
        var found = new List<SettingsProblem>();
        var root = new SettingsSection(ReadMapping(yaml, found), "", found);
        var settings = Read(root, dataDirectory);
        root.ReportUnknownKeys();
        problems = [.. found.OrderBy(p => p.Line)];
        return settings;
    }

    private static Settings Read(SettingsSection root, string? dataDirectory)
    {
        var data = dataDirectory ?? root.String("dataDirectory", "data");
        if (dataDirectory is not null) root.String("dataDirectory", "data");
        data = Path.GetFullPath(data);

        return new Settings
        {
            DataDirectory = data,
            Store = StoreSettings.Read(root.Section("store"), data),
            Protection = ProtectionSettings.Read(root.Section("protection")),
            Mail = MailSettings.Read(root.Section("mail"), data),
            Domains = DomainsSettings.Read(root.Section("domains")),
            Logs = LogsSettings.Read(root.Section("logs"), data),
            Incidents = IncidentsSettings.Read(root.Section("incidents")),
            Console = ConsoleSettings.Read(root.Section("console"), data),
            Operations = OperationsSettings.Read(root.Section("operations")),
        };
    }

    private static YamlMappingNode? ReadMapping(string yaml, List<SettingsProblem> problems)
    {
        try
        {
            var stream = BoundedYaml.Load(yaml, MaxDepth, "settings");
            switch (stream.Documents.Count)
            {
                case 0: return null;
                case > 1:
                    problems.Add(new SettingsProblem(stream.Documents[1].RootNode.Start.Line, "", "a settings file has one document; remove the \"---\" and what follows"));
                    return null;
            }

            switch (stream.Documents[0].RootNode)
            {
                case YamlMappingNode mapping: return mapping;
                case YamlScalarNode { Value: null or "" }: return null;
                case var other:
                    problems.Add(new SettingsProblem(other.Start.Line, "", "must be \"name: value\" lines"));
                    return null;
            }
        }
        catch (YamlException e)
        {
            problems.Add(new SettingsProblem(e.Start.Line, "", $"is not YAML: {e.Message}"));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner ends some malformed scalars so, without a line.
            problems.Add(new SettingsProblem(0, "", $"is not YAML: {e.Message}"));
            return null;
        }
    }
}
