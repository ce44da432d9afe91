using Vigie.Console;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Pages;

/// <summary>What is written on the boxes of the map: as much of a name as fits, chosen so that no two different names read the same.</summary>
internal static class MapLabels
{
    /// <summary>The most characters of a name that fit.</summary>
    public const int Longest = 18;

    // Marks stand for characters that mislead and are longer than these.
    private const int LongestShown = 19;

    private const int Ending = 8;

    /// <summary>The labels of entities, in their order.</summary>
    /// <param name="entities">Each with what people call it.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<(Entity Entity, string Name)> entities)
    {
        var labels = entities.Select(e => Cut(e.Entity.Kind, e.Name)).ToArray();
        foreach (var alike in Enumerable.Range(0, labels.Length).GroupBy(i => (entities[i].Entity.Kind, labels[i])).Where(group => group.Count() > 1).ToList())
        {
            var names = alike.Select(i => entities[i].Name).ToList();
            var parting = names.Skip(1).Min(name => Parting(names[0], name));
            foreach (var i in alike) labels[i] = Around(entities[i].Name, parting);
        }

        return [.. labels.Select(Shown)];
    }

    // Of people and machines the beginning tells which one; of domains and addresses the end does as well; the domain of an account hardly ever.
    private static string Cut(string kind, string name)
    {
        if (!IsLong(name)) return name;
        if (kind == EntityKinds.User && name.LastIndexOf('\\') is > 0 and var at && !IsLong(name[at..]) && name.Length - at < Longest) return "…" + name[at..];
        return kind is EntityKinds.Domain or EntityKinds.Url or EntityKinds.FileHash ? $"{Part(name, 0, Longest - Ending - 1)}…{Part(name, name.Length - Ending, Ending)}" : Part(name, 0, Longest - 1) + "…";
    }

    // Where they part stands in the middle.
    private static string Around(string name, int parting)
    {
        if (!IsLong(name)) return name;
        var start = Math.Clamp(parting - Longest / 2, 0, Math.Max(0, name.Length - (Longest - 1)));
        var rest = name.Length - start;
        return start == 0 ? Part(name, 0, Longest - 1) + "…" : rest <= Longest - 1 ? "…" + Part(name, start, rest) : $"…{Part(name, start, Longest - 2)}…";
    }

    private static int Parting(string one, string other)
    {
        var shared = one.AsSpan().CommonPrefixLength(other);
        return shared == Math.Min(one.Length, other.Length) && one.Length == other.Length ? 0 : shared;
    }

    private static bool IsLong(string name)
    {
        _ = PlainText.Cut(name, Longest, out var cut);
        return cut;
    }

    // Half of a pair of surrogates is no character.
    private static string Part(string name, int start, int length)
    {
        var part = name.AsSpan(start, Math.Min(length, name.Length - start));
        if (part.Length > 0 && char.IsLowSurrogate(part[0])) part = part[1..];
        if (part.Length > 0 && char.IsHighSurrogate(part[^1])) part = part[..^1];
        return part.ToString();
    }

    private static string Shown(string label)
    {
        var shown = PlainText.Visible(label);
        return shown.Length <= LongestShown ? shown : Part(shown, 0, LongestShown - 1) + "…";
    }
}
