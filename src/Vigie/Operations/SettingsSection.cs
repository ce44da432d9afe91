using System.Globalization;
using System.Net;
using YamlDotNet.RepresentationModel;

namespace Vigie.Operations;

/// <summary>
/// One mapping of <c>vigie.yaml</c>, read key by key. Every problem is collected with its line and key instead of
/// being thrown, so that one run of <c>vigie config check</c> names them all; a key nobody asked for is a problem too.
/// </summary>
public sealed class SettingsSection
{
    private readonly YamlMappingNode? _node;
    private readonly string _path;
    private readonly List<SettingsProblem> _problems;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<SettingsSection> _children = [];

    internal SettingsSection(YamlMappingNode? node, string path, List<SettingsProblem> problems)
    {
        _node = node;
        _path = path;
        _problems = problems;
    }

    /// <summary>Whether the file has this mapping at all.</summary>
    public bool Exists => _node is not null;

    /// <summary>The line of a key in the file, or of this mapping where the key is absent; 0 where the file has neither.</summary>
    public long Line(string? key = null) =>
        key is not null && Find(key) is { } value ? value.Start.Line : _node?.Start.Line ?? 0;

    public SettingsSection Section(string key)
    {
        var node = Find(key);
        if (node is not null and not YamlMappingNode && !IsEmpty(node))
            Problem(key, "must be a group of indented \"name: value\" lines");

        var child = new SettingsSection(node as YamlMappingNode, PathOf(key), _problems);
        _children.Add(child);
        return child;
    }

    /// <summary>The items of a list of mappings, in file order.</summary>
    public IReadOnlyList<SettingsSection> Sections(string key)
    {
        var items = new List<SettingsSection>();
        if (Find(key) is not { } node || IsEmpty(node)) return items;
        if (node is not YamlSequenceNode list)
        {
            Problem(key, "must be a list of \"- name: value\" groups");
            return items;
        }

        foreach (var (item, index) in list.Select((item, index) => (item, index)))
        {
            if (item is YamlMappingNode mapping)
            {
                var child = new SettingsSection(mapping, $"{PathOf(key)}[{index}]", _problems);
                _children.Add(child);
                items.Add(child);
            }
            else
            {
                _problems.Add(new SettingsProblem(item.Start.Line, $"{PathOf(key)}[{index}]", "must be a \"name: value\" group"));
            }
        }

        return items;
    }

    public string? OptionalString(string key)
    {
        if (Find(key) is not { } node || IsEmpty(node)) return null;
        if (node is YamlScalarNode scalar) return scalar.Value;
        Problem(key, "must be a single value");
        return null;
    }

    public string String(string key, string fallback) => OptionalString(key) ?? fallback;

    public int Int(string key, int fallback, int min, int max)
    {
        if (OptionalString(key) is not { } text) return fallback;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;

        Problem(key, $"\"{text}\" must be a whole number from {min} to {max}");
        return fallback;
    }

    public double Number(string key, double fallback, double min, double max)
    {
        if (OptionalString(key) is not { } text) return fallback;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;

        Problem(key, string.Create(CultureInfo.InvariantCulture, $"\"{text}\" must be a number from {min} to {max}"));
        return fallback;
    }

    public bool Bool(string key, bool fallback)
    {
        switch (OptionalString(key))
        {
            case null: return fallback;
            case "true" or "yes" or "on": return true;
            case "false" or "no" or "off": return false;
            case var text:
                Problem(key, $"\"{text}\" must be true or false");
                return fallback;
        }
    }

    /// <summary>One of the names of <typeparamref name="T"/>, in any case.</summary>
    public T Enum<T>(string key, T fallback) where T : struct, Enum
    {
        if (OptionalString(key) is not { } text) return fallback;
        if (System.Enum.TryParse<T>(text, ignoreCase: true, out var value) && System.Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]))
            return value;

        Problem(key, $"\"{text}\" must be one of: {string.Join(", ", System.Enum.GetNames<T>()).ToLowerInvariant()}");
        return fallback;
    }

    /// <summary>A length of time such as <c>90s</c>, <c>15m</c>, <c>12h</c>, <c>400d</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min, TimeSpan max)
    {
        if (OptionalString(key) is not { } text) return fallback;
        if (TryParseDuration(text, out var value) && value >= min && value <= max) return value;

        Problem(key, $"\"{text}\" must be a length of time from {Format(min)} to {Format(max)}, such as 90s, 15m, 12h or 400d");
        return fallback;
    }

    /// <summary>A size such as <c>500MB</c> or <c>20GB</c> (powers of 1000), in bytes.</summary>
    public long Size(string key, long fallback, long min, long max)
    {
        if (OptionalString(key) is not { } text) return fallback;
        if (TryParseSize(text, out var value) && value >= min && value <= max) return value;

        Problem(key, string.Create(CultureInfo.InvariantCulture, $"\"{text}\" must be a size from {min} to {max} bytes, such as 500MB or 20GB"));
        return fallback;
    }

    /// <summary>A list of values; one bare value counts as a list of one.</summary>
    public IReadOnlyList<string> Strings(string key, IReadOnlyList<string>? fallback = null)
    {
        switch (Find(key))
        {
            case null: return fallback ?? [];
            case YamlScalarNode scalar when IsEmpty(scalar): return [];
            case YamlScalarNode scalar: return [scalar.Value!];
            case YamlSequenceNode list:
                var values = new List<string>();
                foreach (var item in list)
                {
                    if (item is YamlScalarNode { Value: { Length: > 0 } value }) values.Add(value);
                    else _problems.Add(new SettingsProblem(item.Start.Line, PathOf(key), "every item must be a single value"));
                }

                return values;
            default:
                Problem(key, "must be a list of values");
                return fallback ?? [];
        }
    }

    /// <summary>A mapping whose names are free, each with a list of values; one bare value counts as a list of one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists(string key)
    {
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (Find(key) is not { } node || IsEmpty(node)) return lists;
        if (node is not YamlMappingNode mapping)
        {
            Problem(key, "must be a group of indented \"name: [values]\" lines");
            return lists;
        }

        var section = new SettingsSection(mapping, PathOf(key), _problems);
        foreach (var name in mapping.Children.Keys.OfType<YamlScalarNode>().Select(n => n.Value).OfType<string>()) lists[name] = section.Strings(name);
        return lists;
    }

    /// <summary>A TCP end point such as <c>127.0.0.1:8080</c> or <c>[::1]:8080</c>.</summary>
    public IPEndPoint EndPoint(string key, IPEndPoint fallback)
    {
        if (OptionalString(key) is not { } text) return fallback;
        if (IPEndPoint.TryParse(text, out var value) && text.Contains(':', StringComparison.Ordinal) && text.LastIndexOf(':') > text.LastIndexOf(']'))
            return value;

        Problem(key, $"\"{text}\" must be an IP address and a port, such as 127.0.0.1:{fallback.Port}");
        return fallback;
    }

    /// <summary>Reports a problem with a key's value, for checks only the caller can make.</summary>
    public void Problem(string key, string text) => _problems.Add(new SettingsProblem(Line(key), PathOf(key), text));

    /// <summary>Reports the keys nobody asked for, here and below. Called once, after every section was read.</summary>
    internal void ReportUnknownKeys()
    {
        if (_node is not null)
        {
            foreach (var (keyNode, _) in _node.Children)
            {
                var key = (keyNode as YamlScalarNode)?.Value ?? keyNode.ToString();
                if (_asked.Contains(key)) continue;
                var known = _asked.Count == 0 ? "nothing is known here" : $"known here: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}";
                _problems.Add(new SettingsProblem(keyNode.Start.Line, PathOf(key), $"is not a setting ({known})"));
            }
        }

        foreach (var child in _children) child.ReportUnknownKeys();
    }

    /// <summary>The dotted paths of all settings that were asked for, here and below; groups themselves are left out.</summary>
    internal IEnumerable<string> AskedPaths()
    {
        var groups = _children.Select(child => child._path).ToHashSet(StringComparer.Ordinal);
        return _asked.Select(PathOf).Where(path => !groups.Contains(path)).Concat(_children.SelectMany(child => child.AskedPaths()));
    }

    public static bool TryParseDuration(string text, out TimeSpan value)
    {
        value = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;

        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is null || count > TimeSpan.MaxValue / unit) return false;
        value = count * unit.Value;
        return true;
    }

    private static bool TryParseSize(string text, out long value)
    {
        (string Suffix, long Factor)[] units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1), ("", 1)];
        foreach (var (suffix, factor) in units)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) continue;
            if (!long.TryParse(text.AsSpan(0, text.Length - suffix.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out value)) return false;
            if (value > long.MaxValue / factor) return false;
            value *= factor;
            return true;
        }

        value = 0;
        return false;
    }

    private static string Format(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } when span.Ticks % TimeSpan.TicksPerDay == 0 => $"{(long)span.TotalDays}d",
        { TotalHours: >= 1 } when span.Ticks % TimeSpan.TicksPerHour == 0 => $"{(long)span.TotalHours}h",
        { TotalMinutes: >= 1 } when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{(long)span.TotalMinutes}m",
        _ => $"{(long)span.TotalSeconds}s",
    };

    private YamlNode? Find(string key)
    {
        _asked.Add(key);
        return _node is not null && _node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode { Style: not (YamlDotNet.Core.ScalarStyle.SingleQuoted or YamlDotNet.Core.ScalarStyle.DoubleQuoted), Value: null or "" or "~" or "null" };
}

/// <summary>One thing wrong in the settings.</summary>
/// <param name="Line">1-based line in the file; 0 where the file has no such line.</param>
/// <param name="Key">The dotted path of the setting.</param>
/// <param name="Text">What is wrong and what to do.</param>
public sealed record SettingsProblem(long Line, string Key, string Text);
