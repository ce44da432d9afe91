namespace Vigie.Engine.Sigma.Matching;

/// <summary>The counts of all matchers of a set. Matchers count for themselves and add up here now and then.</summary>
internal sealed class RuleTotals(int rules)
{
    private readonly long[] _evaluated = new long[rules];
    private readonly long[] _matched = new long[rules];
    private readonly long[] _cost = new long[rules];

    public RuleCount Of(int rule) => new(Interlocked.Read(ref _evaluated[rule]), Interlocked.Read(ref _matched[rule]), Interlocked.Read(ref _cost[rule]));

    public void Add(int rule, in RuleCount count)
    {
        Interlocked.Add(ref _evaluated[rule], count.Evaluated);
        Interlocked.Add(ref _matched[rule], count.Matched);
        Interlocked.Add(ref _cost[rule], count.Cost);
    }
}
