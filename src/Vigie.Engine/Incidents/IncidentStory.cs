using System.Collections.Immutable;
using Vigie.Engine.Attack;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>
/// Tells an incident in sentences: who, what and when, in order. Findings of one rule that follow each other are told
/// once with their number; rules that speak at the same place and time share a sentence; what never stops is told at the
/// end. Everything said is in the facts; the same facts in any order make the same story.
/// </summary>
public static class IncidentStory
{
    /// <summary>The most steps that get a sentence of their own; the gravest are kept.</summary>
    public const int MaxSteps = 10;

    // A finding with thousands of entities is told by the first of them.
    private const int EntitiesOfFact = 64;

    private const int TitlesInStep = 4;
    private const int NamesInRow = 3;

    // A rule that is silent for so long and speaks again, speaks of something else.
    private static readonly TimeSpan Pause = TimeSpan.FromHours(6);

    // What begins so soon after the step before, in the same place, belongs to it.
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(10);

    // A rule with more episodes than this does not mark a moment.
    private const int EpisodesOfMoment = 3;

    // The most titles of one rule that are told one by one.
    private const int TitlesOfRule = 4;

    private static readonly string[] Places = [EntityKinds.Host, EntityKinds.Resource, EntityKinds.Mailbox];
    private static readonly string[] Means = [EntityKinds.Domain, EntityKinds.Url, EntityKinds.Ip, EntityKinds.FileHash];

    // Ids of machines, for machines.
    private static readonly string[] Unspoken = [EntityKinds.Process, EntityKinds.QueueId];

    /// <summary>The story; empty where there are no facts.</summary>
    /// <param name="facts">What was found, in any order.</param>
    /// <param name="zone">The zone times are told in.</param>
    public static ImmutableArray<StorySentence> Tell(IEnumerable<StoryFact> facts, TimeZoneInfo zone)
    {
        var ordered = facts.OrderBy(fact => fact.First).ThenBy(fact => fact.Id.Value, StringComparer.Ordinal)
            .Select(fact => fact with { Entities = [.. fact.Entities.Take(EntitiesOfFact).Distinct()] }).ToList();
        if (ordered.Count == 0) return [];

        var (moments, constant) = Episodes(ordered);
        var steps = Steps(moments);
        var told = steps.OrderByDescending(step => step.Severity).ThenBy(step => step.First).Take(MaxSteps).OrderBy(step => step.First).ToList();
        var untold = steps.Except(told).SelectMany(step => step.Episodes).ToList();

        var sentences = ImmutableArray.CreateBuilder<StorySentence>();
        if (ordered.Sum(fact => fact.Count) > 1) sentences.Add(Opening(ordered, zone));
        var clock = new StoryClock(zone, withYearFirst: sentences.Count == 0);
        foreach (var step in told) sentences.Add(Tell(step, clock));
        if (constant.Count > 0) sentences.Add(Throughout(constant));
        if (untold.Count > 0) sentences.Add(Besides(untold));
        if (Joining(ordered) is { } joining) sentences.Add(joining);
        if (Progress(ordered) is { } progress) sentences.Add(progress);
        return sentences.ToImmutable();
    }

    private static (List<Episode> Moments, List<Episode> Constant) Episodes(List<StoryFact> ordered)
    {
        var moments = new List<Episode>();
        var constant = new List<Episode>();
        foreach (var rule in ordered.GroupBy(fact => (fact.Detector, fact.Rule)))
        {
            var episodes = new List<Episode>();
            foreach (var fact in rule)
            {
                if (episodes is [.., { } last] && fact.First - last.Last <= Pause) last.Add(fact);
                else episodes.Add(new Episode(fact));
            }

            if (episodes.Count <= EpisodesOfMoment)
            {
                moments.AddRange(episodes);
                continue;
            }

            foreach (var more in episodes.Skip(1)) more.Facts.ForEach(episodes[0].Add);
            constant.Add(episodes[0]);
        }

        // Something has to happen: where nothing but noise is left, noise is what happened.
        return moments.Count > 0 ? (moments, constant) : (constant, []);
    }

    private static List<Step> Steps(List<Episode> moments)
    {
        var steps = new List<Step>();
        foreach (var episode in moments.OrderBy(e => e.First).ThenByDescending(e => e.Severity).ThenBy(e => e.Facts[0].Id.Value, StringComparer.Ordinal))
        {
            if (steps is [.., { } last] && last.Episodes.Count < TitlesInStep && episode.First - last.Last <= Near && last.Where == episode.Where) last.Episodes.Add(episode);
            else steps.Add(new Step(episode));
        }

        return steps;
    }

    private static StorySentence Opening(List<StoryFact> facts, TimeZoneInfo zone)
    {
        var sentence = new SentenceBuilder();
        sentence.Words(StoryWords.Count(facts.Sum(fact => fact.Count), "finding", "findings", "constat", "constats"));
        var rules = facts.Select(fact => (fact.Detector, fact.Rule)).Distinct().Count();
        sentence.Words(" of ", " de ").Words(StoryWords.Count(rules, "rule", "rules", "règle", "règles"));
        sentence.Words(", ", ", ").Words(StoryClock.Span(facts[0].First, facts.Max(fact => fact.Last), zone));
        var (most, others) = Foremost(facts.SelectMany(fact => fact.Entities.Select(entity => (entity, fact.Count))).Where(e => Places.Contains(e.entity.Kind) || e.entity.Kind == EntityKinds.User));
        if (most.Count == 0) return sentence.End();
        sentence.Words(", about ", ", au sujet de\u00a0: ").List(most, entity => sentence.Words(StoryWords.Noun(entity.Kind)).Name(entity));
        if (others > 0) sentence.Words(" and ", " et ").Words(StoryWords.Count(others, "other", "others", "autre", "autres"));
        return sentence.End();
    }

    private static StorySentence Tell(Step step, StoryClock clock)
    {
        var sentence = new SentenceBuilder();
        sentence.Words(clock.When(step.First, step.Last));
        foreach (var kind in step.Kinds) Bring(sentence, kind, step.EntitiesOf(kind));
        sentence.Words(": ", "\u00a0: ");
        List(sentence, step.Episodes);
        return sentence.End();
    }

    private static void Bring(SentenceBuilder sentence, string kind, IReadOnlyList<Entity> entities)
    {
        var (one, many) = StoryWords.With(kind);
        sentence.Words(", ", ", ").Words(entities.Count == 1 ? one : many);
        Names(sentence, entities);
    }

    private static void Names(SentenceBuilder sentence, IReadOnlyList<Entity> entities)
    {
        var shown = entities.Count <= NamesInRow + 1 ? entities : [.. entities.Take(NamesInRow)];
        if (shown.Count == entities.Count)
        {
            sentence.List(shown, entity => sentence.Name(entity));
            return;
        }

        for (var i = 0; i < shown.Count; i++) (i > 0 ? sentence.Words(", ", ", ") : sentence).Name(shown[i]);
        sentence.Words(" and ", " et ").Words(StoryWords.Count(entities.Count - shown.Count, "other", "others", "autre", "autres"));
    }

    private static void List(SentenceBuilder sentence, IReadOnlyList<Episode> episodes) => sentence.List(
        episodes,
        episode =>
        {
            var titles = episode.Facts.DistinctBy(fact => fact.Title).OrderByDescending(fact => fact.Severity).ToList();
            Titles(sentence, titles);
            sentence.Words(" (", " (").Words(StoryWords.Name(episode.Severity));
            if (titles.Count > 1)
            {
                sentence.Words(", ", ", ").Words(StoryWords.Count(episode.Count, "finding", "findings", "constat", "constats"));
            }
            else if (episode.Count > 1)
            {
                var number = StoryWords.Number(episode.Count);
                sentence.Words($", {number.English} times", $", {number.French}\u00a0fois");
            }

            sentence.Words(")", ")");
        });

    // A rule may say something else each time: whom a mail went to, which name was registered.
    private static void Titles(SentenceBuilder sentence, List<StoryFact> titles)
    {
        var shown = titles.Count <= TitlesOfRule ? titles : titles.GetRange(0, TitlesOfRule - 1);
        if (shown.Count == titles.Count)
        {
            sentence.List(shown, fact => sentence.Title(fact.Title, fact.Id));
            return;
        }

        for (var i = 0; i < shown.Count; i++) (i > 0 ? sentence.Words(", ", ", ") : sentence).Title(shown[i].Title, shown[i].Id);
        sentence.Words(" and ", " et ").Words(StoryWords.Count(titles.Count - shown.Count, "more of this kind", "more of this kind", "autre de ce type", "autres de ce type"));
    }

    private static StorySentence Throughout(List<Episode> constant)
    {
        var sentence = new SentenceBuilder().Words("again and again, all the while: ", "sans cesse, pendant tout ce temps\u00a0: ");
        var shown = constant.OrderByDescending(e => e.Severity).ThenByDescending(e => e.Count).ThenBy(e => e.First).ToList();
        List(sentence, [.. shown.Take(TitlesInStep)]);
        return Rest(sentence, shown.Count - TitlesInStep).End();
    }

    private static StorySentence Besides(List<Episode> untold)
    {
        var sentence = new SentenceBuilder().Words("besides, less grave: ", "par ailleurs, de moindre gravité\u00a0: ");
        var rules = untold.GroupBy(e => (e.Foremost.Detector, e.Foremost.Rule)).Select(same =>
        {
            var all = new Episode(same.First().Facts[0]);
            foreach (var fact in same.SelectMany(e => e.Facts).Skip(1)) all.Add(fact);
            return all;
        }).OrderByDescending(e => e.Severity).ThenBy(e => e.First).ToList();
        List(sentence, [.. rules.Take(TitlesInStep)]);
        return Rest(sentence, rules.Count - TitlesInStep).End();
    }

    private static SentenceBuilder Rest(SentenceBuilder sentence, int more) => more <= 0
        ? sentence
        : sentence.Words("; and ", "\u00a0; et ").Words(StoryWords.Count(more, "more rule", "more rules", "autre règle", "autres règles"));

    private static StorySentence? Joining(List<StoryFact> facts)
    {
        var all = facts.Sum(fact => fact.Count);
        var shared = facts.SelectMany(fact => fact.Entities.Select(entity => (Entity: entity, Fact: fact)))
            .GroupBy(pair => pair.Entity)
            .Where(group => group.Count() > 1)
            .Select(group => (Entity: group.Key, Rules: group.Select(pair => (pair.Fact.Detector, pair.Fact.Rule)).Distinct().Count(), Findings: group.Sum(pair => pair.Fact.Count)))
            .OrderByDescending(s => s.Rules).ThenByDescending(s => s.Findings).ThenBy(s => s.Entity.Kind, StringComparer.Ordinal).ThenBy(s => s.Entity.Value, StringComparer.Ordinal)
            .Take(NamesInRow).ToList();
        if (shared.Count == 0) return null;
        var sentence = new SentenceBuilder().Words("what they share: ", "ce qu’ils ont en commun\u00a0: ");
        return sentence.List(shared, s =>
        {
            var (of, total) = (StoryWords.Number(s.Findings), StoryWords.Number(all));
            sentence.Words(StoryWords.Noun(s.Entity.Kind)).Name(s.Entity).Words($" (in {of.English} of {total.English})", $" (dans {of.French} sur {total.French})");
        }).End();
    }

    private static StorySentence? Progress(List<StoryFact> facts)
    {
        var reached = AttackReach.Of(facts.SelectMany(fact => fact.Techniques));
        if (reached.Count < 2) return null;
        var sentence = new SentenceBuilder().Words("in the terms of ATT&CK: ", "selon ATT&CK\u00a0: ");
        return sentence.List(reached, tactic => sentence.Words(AttackTacticNames.Of(tactic))).End();
    }

    private static (List<Entity> Most, int Others) Foremost(IEnumerable<(Entity Entity, long Count)> entities)
    {
        var all = entities.GroupBy(e => e.Entity).Select(g => (Entity: g.Key, Count: g.Sum(e => e.Count)))
            .OrderByDescending(e => e.Count).ThenBy(e => e.Entity.Kind, StringComparer.Ordinal).ThenBy(e => e.Entity.Value, StringComparer.Ordinal).ToList();
        var shown = all.Count <= NamesInRow + 1 ? all.Count : NamesInRow;
        return ([.. all.Take(shown).Select(e => e.Entity)], all.Count - shown);
    }

    /// <summary>What one rule said without a long pause.</summary>
    private sealed class Episode
    {
        public Episode(StoryFact first)
        {
            Facts = [first];
            Foremost = first;
            Last = first.Last;
            Where = WhereOf(first);
        }

        public List<StoryFact> Facts { get; }

        public StoryFact Foremost { get; private set; }

        public DateTimeOffset First => Facts[0].First;

        public DateTimeOffset Last { get; private set; }

        public long Count => Facts.Sum(fact => fact.Count);

        public Severity Severity => Foremost.Severity;

        /// <summary>The places and accounts, as one value to compare by.</summary>
        public string Where { get; private set; }

        public void Add(StoryFact fact)
        {
            Facts.Add(fact);
            if (fact.Severity > Foremost.Severity) Foremost = fact;
            if (fact.Last > Last) Last = fact.Last;
            var where = WhereOf(fact);
            if (where != Where && !Where.StartsWith('*')) Where = $"*{fact.Detector}/{fact.Rule}";
        }

        private static string WhereOf(StoryFact fact) => string.Join('\n', fact.Entities
            .Where(entity => Places.Contains(entity.Kind) || entity.Kind == EntityKinds.User)
            .Select(entity => $"{entity.Kind}={entity.Value}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(8));
    }

    /// <summary>What happened in one place at one time.</summary>
    private sealed class Step(Episode first)
    {
        public List<Episode> Episodes { get; } = [first];

        public string Where => Episodes[0].Where;

        public DateTimeOffset First => Episodes[0].First;

        public DateTimeOffset Last => Episodes.Max(episode => episode.Last);

        public Severity Severity => Episodes.Max(episode => episode.Severity);

        /// <summary>The kinds to speak of: where, who, and by what means; at most four.</summary>
        public IEnumerable<string> Kinds =>
            Entities.Select(entity => entity.Kind).Distinct().Where(kind => !Unspoken.Contains(kind)).OrderBy(RankOf).ThenBy(kind => kind, StringComparer.Ordinal).Take(4);

        public IReadOnlyList<Entity> EntitiesOf(string kind) =>
            [.. Entities.Where(entity => entity.Kind == kind).GroupBy(entity => entity).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Value, StringComparer.Ordinal).Select(g => g.Key)];

        // An account that is called like its mailbox is told as the mailbox.
        private IEnumerable<Entity> Entities => Episodes.SelectMany(episode => episode.Facts)
            .SelectMany(fact => fact.Entities.Where(entity => entity.Kind != EntityKinds.User || !fact.Entities.Contains(entity with { Kind = EntityKinds.Mailbox })));

        private static int RankOf(string kind) =>
            Array.IndexOf(Places, kind) is >= 0 and var place ? place
            : kind == EntityKinds.User ? Places.Length
            : Array.IndexOf(Means, kind) is >= 0 and var means ? Places.Length + 1 + means
            : Places.Length + Means.Length + 1;
    }
}
