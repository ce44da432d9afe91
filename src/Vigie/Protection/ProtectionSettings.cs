using System.Text.RegularExpressions;
using Vigie.Engine.Lookalikes;
using Vigie.Operations;

namespace Vigie.Protection;

/// <summary>The <c>protection:</c> part of <c>vigie.yaml</c>, validated: whose names are guarded, and how strictly.</summary>
public sealed partial record ProtectionSettings
{
    /// <summary>The organisation's own domains, normalised. Mail to them and to their subdomains is incoming mail.</summary>
    public IReadOnlyList<string> OwnDomains { get; init; } = [];

    /// <summary>Domains of partners, normalised: guarded like the own ones, but not own.</summary>
    public IReadOnlyList<string> Partners { get; init; } = [];

    /// <summary>The packs that are loaded; their files were read without a problem.</summary>
    public IReadOnlyList<Pack> Packs { get; init; } = [];

    /// <summary>From which probability of a mistake a recipient is mentioned, held or refused.</summary>
    public Strictness Strictness { get; init; } = Strictness.Normal;

    internal static ProtectionSettings Read(SettingsSection section)
    {
        var directory = Path.GetFullPath(section.String("packsDirectory", PackLibrary.DefaultDirectory));
        return new ProtectionSettings
        {
            OwnDomains = Domains(section, "ownDomains"),
            Partners = Domains(section, "partners"),
            Packs = ReadPacks(section, directory),
            Strictness = ReadStrictness(section),
        };
    }

    private static List<string> Domains(SettingsSection section, string key)
    {
        var domains = new List<string>();
        foreach (var text in section.Strings(key))
        {
            if (DomainNames.TryNormalize(text, out var ascii, out var problem)) domains.Add(ascii);
            else section.Problem(key, $"\"{text}\" is not a domain name: {problem}");
        }

        return [.. domains.Distinct(StringComparer.Ordinal)];
    }

    private static IReadOnlyList<Pack> ReadPacks(SettingsSection section, string directory)
    {
        const string key = "packs";
        var ids = section.Strings(key, ["all"]);
        foreach (var id in ids.Where(id => !IdPattern().IsMatch(id)))
            section.Problem(key, $"\"{id}\" is not the id of a pack; ids are lower-case words joined by hyphens");

        var library = PackLibrary.Load(directory, ids is ["all"] ? null : [.. ids.Where(id => IdPattern().IsMatch(id)).Distinct(StringComparer.Ordinal)]);
        foreach (var problem in library.Problems) section.Problem(key, problem.ToString());
        return library.Packs;
    }

    private static Strictness ReadStrictness(SettingsSection section)
    {
        var strictness = new Strictness(
            section.Number("noticeAt", Strictness.Normal.NoticeAt, 0.001, 1),
            section.Number("holdAt", Strictness.Normal.HoldAt, 0.001, 1),
            section.Number("refuseAt", Strictness.Normal.RefuseAt, 0.001, 1));
        if (strictness.NoticeAt > strictness.HoldAt) section.Problem("noticeAt", "must not be above \"holdAt\"");
        if (strictness.HoldAt > strictness.RefuseAt) section.Problem("holdAt", "must not be above \"refuseAt\"");
        return strictness;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}

/// <summary>Probabilities from which a recipient that looks like a mistake is treated as one, each in (0, 1].</summary>
/// <param name="NoticeAt">From here the message is delivered and carries a header.</param>
/// <param name="HoldAt">From here the message waits for somebody's confirmation.</param>
/// <param name="RefuseAt">From here the recipient is refused with "did you mean …?".</param>
public readonly record struct Strictness(double NoticeAt, double HoldAt, double RefuseAt)
{
    /// <summary>The default.</summary>
    public static Strictness Normal { get; } = new(0.20, 0.50, 0.80);
}
