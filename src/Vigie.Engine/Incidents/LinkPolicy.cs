using System.Collections.Frozen;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>
/// How strongly a shared <see cref="LinkKey"/> speaks for one incident. The strength of a link between two findings is
/// <c>weight · rarity · 2^(-apart / half-life)</c>; they are linked when it reaches <see cref="Threshold"/>. Rarity falls
/// with the number of others the key has been seen with (<see cref="RarityOf"/>), so that a hub joins nothing. Since the
/// strength depends on the key and the time only, each key has a window: the longest time apart at which it still links.
/// </summary>
public sealed record LinkPolicy
{
    /// <summary>The strength from which two findings belong together.</summary>
    public const double Threshold = 0.25;

    /// <summary>Beyond so many others a key joins nothing at all.</summary>
    public int HubDegree { get; init; } = 48;

    /// <summary>What is known of each kind; a kind that is missing does not link.</summary>
    public FrozenDictionary<string, KindWeight> Kinds { get; init; } = Defaults;

    /// <summary>
    /// The defaults. A process or a session is one thing on one machine. A machine links for some hours, unless many accounts work on
    /// it; an account as long as it works on few machines. Names and addresses outside last for days. A file may be anybody's tool,
    /// and attackers share theirs: alone it links two that it was seen with, not three; with the same account it links for days.
    /// </summary>
    public static FrozenDictionary<string, KindWeight> Defaults { get; } = new Dictionary<string, KindWeight>(StringComparer.Ordinal)
    {
        [EntityKinds.Process] = new(1.0, TimeSpan.FromHours(6), 8),
        [EntityKinds.Logon] = new(0.9, TimeSpan.FromHours(6), 8),
        [EntityKinds.QueueId] = new(1.0, TimeSpan.FromDays(1), 16),
        [LinkKinds.Lookalike] = new(0.9, TimeSpan.FromDays(2), 12),
        [EntityKinds.Domain] = new(0.8, TimeSpan.FromDays(2), 4),
        [EntityKinds.Url] = new(0.8, TimeSpan.FromDays(2), 4),
        [LinkKinds.AccountOnHost] = new(0.8, TimeSpan.FromHours(6), 8),
        [EntityKinds.Ip] = new(0.7, TimeSpan.FromHours(12), 4),
        [EntityKinds.Mailbox] = new(0.7, TimeSpan.FromHours(12), 6),
        [EntityKinds.Resource] = new(0.7, TimeSpan.FromHours(12), 6),
        [EntityKinds.Host] = new(0.6, TimeSpan.FromHours(4), 8),
        [EntityKinds.User] = new(0.6, TimeSpan.FromHours(4), 4),
        [LinkKinds.Account] = new(0.6, TimeSpan.FromHours(4), 4),
        [LinkKinds.Imitates] = new(0.4, TimeSpan.FromHours(12), 4),
        [LinkKinds.FileOfAccount] = new(0.8, TimeSpan.FromDays(2), 8),
        [EntityKinds.FileHash] = new(0.3, TimeSpan.FromDays(2), 2),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>In [0, 1]: 1 for a key seen with no more others than its kind usually is, then falling by a half with each doubling; 0 for hubs.</summary>
    /// <param name="kind">What is known of the key's kind.</param>
    /// <param name="degree">With how many different others (hosts, accounts, mailboxes, resources) the key has been seen.</param>
    public double RarityOf(KindWeight kind, int degree) => degree >= HubDegree ? 0 : 1 / Math.Max(1, degree / (double)kind.Usual);

    /// <summary>The strength of a link.</summary>
    public double Strength(LinkKey key, int degree, TimeSpan apart) =>
        Kinds.TryGetValue(key.Kind, out var kind) ? kind.Weight * RarityOf(kind, degree) * Math.Pow(2, -apart.Duration() / kind.HalfLife) : 0;

    /// <summary>The longest time apart at which a key of this degree links two findings; null when it does not link at all.</summary>
    public TimeSpan? Window(LinkKey key, int degree)
    {
        if (!Kinds.TryGetValue(key.Kind, out var kind)) return null;
        var most = kind.Weight * RarityOf(kind, degree);
        return most < Threshold ? null : kind.HalfLife * Math.Log2(most / Threshold);
    }
}

/// <summary>What a kind of key weighs at first, and how fast that fades.</summary>
/// <param name="Weight">In (0, 1].</param>
/// <param name="HalfLife">The time apart at which half of it is left.</param>
/// <param name="Usual">With how many others such a key is seen without being a hub; at least 1.</param>
public readonly record struct KindWeight(double Weight, TimeSpan HalfLife, int Usual = 2);
