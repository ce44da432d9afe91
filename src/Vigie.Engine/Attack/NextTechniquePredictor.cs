using System.Collections.Immutable;

namespace Vigie.Engine.Attack;

/// <summary>
/// Says from the techniques seen which are likely to come next, by what campaigns and groups are known to have used together.
/// Three views of likeness are averaged: cases near by (cosine, weighted), a ridge regression from the first half of every case to
/// all of it, and one from its first three, five and seven tenths to the rest. What counts as next are techniques whose earliest tactic is
/// the foremost tactic reached or a later one. Safe for use by several threads.
/// </summary>
public sealed class NextTechniquePredictor
{
    /// <summary>The fewest cases that must have used a sub-technique for it to be looked at by itself; below it counts as its parent.</summary>
    public const int FewestCases = 2;

    private const int Supporters = 3;
    private static readonly double[] Cuts = [0.3, 0.5, 0.7];

    private readonly AttackKnowledge _knowledge;
    private readonly NextTechniqueParameters _parameters;
    private readonly Dictionary<string, int> _index;
    private readonly int[] _tactic;
    private readonly int[] _used;
    private readonly int[][] _cases;
    private readonly bool[][] _holds;
    private readonly List<Stage> _halves = [];
    private readonly List<Stage> _cuts = [];
    private readonly StageRidge _whole;
    private readonly StageRidge _staged;

    /// <summary>A predictor from this knowledge.</summary>
    /// <param name="knowledge">Who used what.</param>
    /// <param name="parameters">How likeness is weighed.</param>
    public NextTechniquePredictor(AttackKnowledge knowledge, NextTechniqueParameters parameters)
    {
        _knowledge = knowledge;
        _parameters = parameters;
        _index = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < knowledge.Techniques.Length; i++) _index.TryAdd(knowledge.Techniques[i].Id, i);
        _tactic = [.. knowledge.Techniques.Select(technique => AttackOrder.EarliestTactic(knowledge.Tactics, technique))];
        _cases = [.. knowledge.Cases.Select(one => AttackOrder.Sort(one.Techniques.Where(_index.ContainsKey).Select(id => _index[id]).Distinct(), _tactic))];
        _holds = new bool[_cases.Length][];
        _used = new int[_tactic.Length];
        for (var i = 0; i < _cases.Length; i++)
        {
            _holds[i] = new bool[_tactic.Length];
            foreach (var technique in _cases[i])
            {
                _holds[i][technique] = true;
                _used[technique]++;
            }

            if (_cases[i].Length < 2) continue;
            _halves.Add(new Stage(i, AttackOrder.SeenOf(_cases[i].Length)));
            foreach (var cut in Cuts) _cuts.Add(new Stage(i, Math.Clamp((int)Math.Round(_cases[i].Length * cut, MidpointRounding.ToEven), 1, _cases[i].Length - 1)));
        }

        _whole = new StageRidge([.. _halves.Select(stage => _cases[stage.Case][..stage.Seen])], _tactic.Length);
        _staged = new StageRidge([.. _cuts.Select(stage => _cases[stage.Case][..stage.Seen])], _tactic.Length);
    }

    /// <summary>What is likely to come after the techniques seen.</summary>
    /// <param name="seen">Ids in any order and case; doubles and unknown ones are passed over.</param>
    /// <param name="count">How many techniques to name.</param>
    public NextPrediction Predict(IEnumerable<string> seen, int count)
    {
        var unknown = new List<string>();
        var known = new SortedSet<int>();
        foreach (var id in seen)
        {
            if (Resolve(id) is { } technique) known.Add(technique);
            else unknown.Add(id);
        }

        var unknownIds = unknown.Distinct(StringComparer.OrdinalIgnoreCase).ToImmutableArray();
        if (known.Count == 0) return new NextPrediction([], unknownIds, "", []);

        int[] all = [.. known];
        var views = Views(all, static _ => false, _parameters);
        var scores = WithFrontier(views.Score, all, _parameters.FrontierHalf);
        var next = Ranked(scores, count).Select(technique => Explain(technique, scores[technique], views.Likely[technique], all));
        var front = all.Max(technique => _tactic[technique]);
        return new NextPrediction([.. all.Select(i => _knowledge.Techniques[i].Id)], unknownIds, front < _knowledge.Tactics.Length ? _knowledge.Tactics[front] : "", [.. next]);
    }

    /// <summary>The known cases in their order: what of each was seen first, by <see cref="AttackOrder"/>.</summary>
    internal IReadOnlyList<int[]> Cases => _cases;

    /// <summary>The number of the earliest tactic of each technique.</summary>
    internal int[] Tactic => _tactic;

    /// <summary>The technique that stands for an id: itself, what took its place, or its parent where nobody or hardly anybody used it.</summary>
    internal int? Resolve(string id)
    {
        if (_knowledge.Replaced.TryGetValue(id.ToUpperInvariant(), out var newer)) id = newer;
        var found = _index.TryGetValue(id, out var technique);
        if (found && _used[technique] >= FewestCases) return technique;
        var dot = id.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _index.TryGetValue(id[..dot], out var parent) && (!found || _used[parent] >= FewestCases) ? parent : found ? technique : null;
    }

    /// <summary>
    /// What the views of likeness say: the score of every technique, 0 for those seen and those of earlier tactics, over all at most 1
    /// in sum; and the share of cases like this one that used it. <see cref="NextTechniqueParameters.FrontierHalf"/> is not yet in it.
    /// </summary>
    /// <param name="seen">Techniques, without doubles, at least one.</param>
    /// <param name="isLeftOut">Cases that do not take part.</param>
    /// <param name="parameters">How likeness is weighed.</param>
    internal (double[] Score, double[] Likely) Views(int[] seen, Func<int, bool> isLeftOut, NextTechniqueParameters parameters)
    {
        var front = seen.Max(technique => _tactic[technique]);
        var (score, likely) = (new double[_tactic.Length], new double[_tactic.Length]);
        var neighbours = Neighbours(seen, isLeftOut, Frequency(isLeftOut), parameters);
        var whole = Regress(_whole, _halves, seen, isLeftOut, parameters.RidgePenalty, 1);
        var staged = Regress(_staged, _cuts, seen, isLeftOut, parameters.RidgePenalty * Cuts.Length, parameters.EarlierShare);
        for (var i = 0; i < likely.Length; i++) likely[i] = (Math.Clamp(neighbours[i], 0, 1) + Math.Clamp(whole[i], 0, 1)) / 2;
        foreach (var view in new[] { neighbours, whole, staged })
        {
            foreach (var technique in seen) view[technique] = 0;
            double sum = 0;
            for (var i = 0; i < view.Length; i++) sum += view[i] = _tactic[i] < front ? 0 : Math.Max(0, view[i]);
            if (sum <= 0) continue;
            for (var i = 0; i < view.Length; i++) score[i] += view[i] / sum / 3;
        }

        return (score, likely);
    }

    /// <summary>The more of the foremost tactic was seen, the less of it is left.</summary>
    internal double[] WithFrontier(double[] views, int[] seen, double half)
    {
        var front = seen.Max(technique => _tactic[technique]);
        var left = half / (half + seen.Count(technique => _tactic[technique] == front));
        return [.. views.Select((score, technique) => _tactic[technique] == front ? score * left : score)];
    }

    /// <summary>The techniques with the highest scores, those with none left out; equal ones by id.</summary>
    internal static IEnumerable<int> Ranked(double[] scores, int count) =>
        // Rounded, so that in which order a processor adds up does not decide between equals.
        Enumerable.Range(0, scores.Length).Where(i => scores[i] > 0).OrderByDescending(i => Math.Round(scores[i], 12)).ThenBy(i => i).Take(count);

    /// <summary>By how many of the cases that take part each technique was used.</summary>
    internal double[] Frequency(Func<int, bool> isLeftOut)
    {
        var frequency = new double[_tactic.Length];
        for (var i = 0; i < _cases.Length; i++)
        {
            if (isLeftOut(i)) continue;
            foreach (var technique in _cases[i]) frequency[technique]++;
        }

        return frequency;
    }

    private double[] Neighbours(int[] seen, Func<int, bool> isLeftOut, double[] frequency, NextTechniqueParameters parameters)
    {
        var score = new double[_tactic.Length];
        var (total, cases) = (0.0, 0);
        for (var i = 0; i < _cases.Length; i++)
        {
            if (isLeftOut(i)) continue;
            cases++;
            if (Shared(i, seen) is not (> 0 and var shared)) continue;
            var weight = Math.Pow(shared / Math.Sqrt((double)seen.Length * _cases[i].Length), parameters.NeighbourPower);
            total += weight;
            foreach (var technique in _cases[i]) score[technique] += weight;
        }

        for (var i = 0; i < score.Length; i++) score[i] = (score[i] + (parameters.NeighbourPrior * frequency[i] / Math.Max(cases, 1))) / (total + parameters.NeighbourPrior);
        return score;
    }

    // The mean of what the rows go on to, moved by how much each row resembles what was seen.
    private double[] Regress(StageRidge ridge, List<Stage> stages, int[] seen, Func<int, bool> isLeftOut, double penalty, double earlier)
    {
        var weights = ridge.Weights(seen, penalty, row => isLeftOut(stages[row].Case));
        var rows = 0;
        for (var i = 0; i < stages.Count; i++) if (!isLeftOut(stages[i].Case)) rows++;
        var rest = (1 - weights.Sum()) / Math.Max(rows, 1);
        var score = new double[_tactic.Length];
        for (var i = 0; i < stages.Count; i++)
        {
            if (isLeftOut(stages[i].Case)) continue;
            var techniques = _cases[stages[i].Case];
            for (var t = 0; t < techniques.Length; t++) score[techniques[t]] += (weights[i] + rest) * (t < stages[i].Seen ? earlier : 1);
        }

        return score;
    }

    private NextTechnique Explain(int technique, double score, double likely, int[] seen)
    {
        var least = Math.Min(2, seen.Length);
        var alike = Enumerable.Range(0, _cases.Length).Select(i => (Case: i, Shared: Shared(i, seen))).Where(pair => pair.Shared >= least).ToList();
        var support = alike.Where(pair => _holds[pair.Case][technique])
            .OrderByDescending(pair => pair.Shared / Math.Sqrt(_cases[pair.Case].Length)).ThenBy(pair => pair.Case).ToList();
        return new NextTechnique(
            _knowledge.Techniques[technique],
            score,
            likely,
            support.Count,
            alike.Count,
            [.. support.Take(Supporters).Select(pair => new NextSupport(_knowledge.Cases[pair.Case], pair.Shared))]);
    }

    private int Shared(int one, int[] seen)
    {
        var shared = 0;
        foreach (var technique in seen) if (_holds[one][technique]) shared++;
        return shared;
    }

    /// <summary>The first techniques of a case.</summary>
    private readonly record struct Stage(int Case, int Seen);
}

/// <summary>
/// The order in which a case's techniques are laid out. ATT&amp;CK knows no order in which they were used, so they are ordered by
/// their earliest tactic, then by id; the first half, rounded up, is what was seen.
/// </summary>
internal static class AttackOrder
{
    public static int EarliestTactic(ImmutableArray<string> tactics, KnownTechnique technique)
    {
        var earliest = tactics.Length;
        foreach (var tactic in technique.Tactics) if (tactics.IndexOf(tactic) is >= 0 and var at && at < earliest) earliest = at;
        return earliest;
    }

    /// <summary>Techniques are numbered in the order of their ids.</summary>
    public static int[] Sort(IEnumerable<int> techniques, int[] tactic) => [.. techniques.OrderBy(technique => tactic[technique]).ThenBy(technique => technique)];

    public static int SeenOf(int length) => length - (length / 2);
}
