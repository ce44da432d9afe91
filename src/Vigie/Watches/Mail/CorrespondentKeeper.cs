using Vigie.Operations;
using Vigie.Protection;

namespace Vigie.Watches.Mail;

/// <summary>Has the domains that the organisation really corresponds with guarded too: a slip in a partner's name is the commonest of all.</summary>
internal sealed class CorrespondentKeeper(Store.Store store, Relationships relationships, ProtectedNames names, TimeProvider time) : IStage
{
    // Enough mail on enough days, answered: what one writes to in passing is nobody's to imitate.
    private const int MinSent = 20;
    private const int MinDays = 5;
    private const int MaxDomains = 20_000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public string Name => "mail.correspondents";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken);
        IReadOnlyList<string> before = [];
        while (true)
        {
            var domains = await relationships.CorrespondentsAsync(MinSent, MinDays, MaxDomains, cancellationToken);
            if (!domains.SequenceEqual(before)) await names.SetCorrespondentsAsync(domains, cancellationToken);
            before = domains;
            await Task.Delay(Every, time, cancellationToken);
        }
    }
}
