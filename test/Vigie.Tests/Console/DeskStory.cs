using Vigie.Engine.Findings;
using Vigie.Incidents.Desk;

namespace Vigie.Tests.Console;

/// <summary>What people of the story do not want to be told, for the pages that list it.</summary>
internal static class DeskStory
{
    public static async Task TellAsync(IServiceProvider services, CancellationToken ct)
    {
        var desk = services.GetRequiredService<SuppressionDesk>();
        var now = DateTimeOffset.UtcNow;
        await desk.AddAsync(new SuppressionDraft(null, null, new Entity(EntityKinds.Host, "scan-01"), null, now.AddDays(30), "Network team", "The vulnerability scanner we run ourselves, every night."), "awa", sure: true, ct);
        await desk.AddAsync(
            new SuppressionDraft("logs.sigma", null, new Entity(EntityKinds.Host, "srv-files-02"), now.AddDays(2), now.AddDays(2).AddHours(4), "Bakary", "The file server moves to new disks."), "awa", sure: true, ct);
        var ended = await desk.AddAsync(new SuppressionDraft(null, "proc_creation_win_whoami_susp", null, null, now.AddDays(7), "Ines", "The inventory of last week."), "awa", sure: true, ct);
        await desk.EndAsync(ended.Value, "awa", "The inventory is done.", ct);
    }
}
