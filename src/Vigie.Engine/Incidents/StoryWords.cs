using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>Builds a sentence piece by piece in both languages at once.</summary>
internal sealed class SentenceBuilder
{
    private readonly List<StoryPart> _english = [];
    private readonly List<StoryPart> _french = [];

    public SentenceBuilder Words(string english, string french)
    {
        Add(_english, new StoryPart(StoryPartKind.Words, english));
        Add(_french, new StoryPart(StoryPartKind.Words, french));
        return this;
    }

    public SentenceBuilder Words(Bilingual text) => Words(text.English, text.French);

    /// <summary>A title between the quotation marks of its language.</summary>
    public SentenceBuilder Title(Bilingual title, FindingId finding)
    {
        Words("“", "«\u202f");
        _english.Add(new StoryPart(StoryPartKind.Title, title.English, finding.Value));
        _french.Add(new StoryPart(StoryPartKind.Title, title.French, finding.Value));
        return Words("”", "\u202f»");
    }

    /// <summary>An entity without its kind.</summary>
    public SentenceBuilder Name(Entity entity)
    {
        var part = new StoryPart(StoryPartKind.Entity, entity.Value, entity.Kind);
        _english.Add(part);
        _french.Add(part);
        return this;
    }

    /// <summary>Items in a row: <c>a, b and c</c>.</summary>
    public SentenceBuilder List<T>(IReadOnlyList<T> items, Action<T> add)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0 && i == items.Count - 1) Words(" and ", " et ");
            else if (i > 0) Words(", ", ", ");
            add(items[i]);
        }

        return this;
    }

    /// <summary>The sentence, its first letter large.</summary>
    public StorySentence End()
    {
        Words(".", ".");
        return new StorySentence(Capital(_english), Capital(_french));
    }

    private static void Add(List<StoryPart> parts, StoryPart part)
    {
        if (part.Text.Length == 0) return;
        if (parts is [.., { Kind: StoryPartKind.Words } last]) parts[^1] = last with { Text = last.Text + part.Text };
        else parts.Add(part);
    }

    private static ImmutableArray<StoryPart> Capital(List<StoryPart> parts)
    {
        if (parts is [{ Kind: StoryPartKind.Words } first, ..]) parts[0] = first with { Text = char.ToUpperInvariant(first.Text[0]) + first.Text[1..] };
        return [.. parts];
    }
}

/// <summary>Numbers, times and nouns of a story. Spelled out here so that a story is the same on every machine.</summary>
internal static class StoryWords
{
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] FrenchMonths = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

    /// <summary>A number with its thousands set apart: by a comma in English, a narrow space in French.</summary>
    public static Bilingual Number(long value)
    {
        var english = value.ToString("#,0", CultureInfo.InvariantCulture);
        return new Bilingual(english, english.Replace(",", "\u202f", StringComparison.Ordinal));
    }

    /// <summary>A number and its noun; French takes the plural from 2 on.</summary>
    public static Bilingual Count(long value, string one, string many, string un, string plusieurs)
    {
        var number = Number(value);
        return new Bilingual($"{number.English} {(value == 1 ? one : many)}", $"{number.French}\u00a0{(value < 2 ? un : plusieurs)}");
    }

    public static Bilingual Date(DateTime day, bool year) => new(
        $"{Plain(day.Day)} {EnglishMonths[day.Month - 1]}{(year ? " " + Plain(day.Year) : "")}",
        $"{(day.Day == 1 ? "1er" : Plain(day.Day))}\u00a0{FrenchMonths[day.Month - 1]}{(year ? "\u00a0" + Plain(day.Year) : "")}");

    public static string Clock(DateTime time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Severity within a bracket.</summary>
    public static Bilingual Name(Severity severity) => severity switch
    {
        Severity.Critical => new("critical", "gravité critique"),
        Severity.High => new("high", "gravité élevée"),
        Severity.Medium => new("medium", "gravité moyenne"),
        Severity.Low => new("low", "gravité faible"),
        _ => new("informational", "pour information"),
    };

    /// <summary>How entities of a kind are brought in: the preposition with the noun, for one and for several.</summary>
    public static (Bilingual One, Bilingual Many) With(string kind) => kind switch
    {
        EntityKinds.Host => (new("on host ", "sur l’hôte "), new("on hosts ", "sur les hôtes ")),
        EntityKinds.Resource => (new("on resource ", "sur la ressource "), new("on resources ", "sur les ressources ")),
        EntityKinds.Mailbox => (new("for mailbox ", "pour la boîte aux lettres "), new("for mailboxes ", "pour les boîtes aux lettres ")),
        EntityKinds.User => (new("under account ", "sous le compte "), new("under accounts ", "sous les comptes ")),
        EntityKinds.Domain => (new("with domain ", "avec le domaine "), new("with domains ", "avec les domaines ")),
        EntityKinds.Ip => (new("with address ", "avec l’adresse "), new("with addresses ", "avec les adresses ")),
        EntityKinds.Url => (new("with web address ", "avec l’adresse web "), new("with web addresses ", "avec les adresses web ")),
        EntityKinds.FileHash => (new("with file ", "avec le fichier "), new("with files ", "avec les fichiers ")),
        _ => (new($"with {Known(kind)} ", $"avec {Known(kind)} "), new($"with {Known(kind)} ", $"avec {Known(kind)} ")),
    };

    /// <summary>What one of a kind is called.</summary>
    public static Bilingual Noun(string kind) => kind switch
    {
        EntityKinds.Host => new("host ", "l’hôte "),
        EntityKinds.Resource => new("resource ", "la ressource "),
        EntityKinds.Mailbox => new("mailbox ", "la boîte aux lettres "),
        EntityKinds.User => new("account ", "le compte "),
        EntityKinds.Domain => new("domain ", "le domaine "),
        EntityKinds.Ip => new("address ", "l’adresse "),
        EntityKinds.Url => new("web address ", "l’adresse web "),
        EntityKinds.FileHash => new("file ", "le fichier "),
        EntityKinds.Process => new("process ", "le processus "),
        EntityKinds.QueueId => new("mail ", "le courrier "),
        _ => new($"{Known(kind)} ", $"{Known(kind)} "),
    };

    // Kinds of watches to come are words too; anything else is not put between words of ours.
    private static string Known(string kind) => kind.Length is > 0 and <= 32 && kind.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? kind : "?";

    private static string Plain(int value) => value.ToString(CultureInfo.InvariantCulture);
}
