using System.Diagnostics;
using System.Runtime.InteropServices;
using Vigie.Engine;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>What the health page says about the process itself.</summary>
internal static class NodeFacts
{
    public static async Task<IReadOnlyList<(Bilingual Label, string Value)>> ReadAsync(IServiceProvider services, Viewer viewer, CancellationToken ct)
    {
        var settings = services.GetRequiredService<Settings>();
        using var process = Process.GetCurrentProcess();
        var running = viewer.Now - new DateTimeOffset(process.StartTime);
        return
        [
            (HealthTexts.Version, NodeMetrics.Version),
            (HealthTexts.Runtime, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}"),
            (HealthTexts.Running, viewer.Length(running < TimeSpan.Zero ? TimeSpan.Zero : running)),
            (HealthTexts.Memory, viewer.Size(process.WorkingSet64)),
            (HealthTexts.StoreSize, await StoreAsync(services, viewer, ct)),
            (HealthTexts.DataFolder, $"{settings.DataDirectory} ({Free(settings.DataDirectory, viewer)})"),
            (HealthTexts.Listening, string.Join(", ", services.GetRequiredService<NodeEndpoints>().All())),
        ];
    }

    private static async Task<string> StoreAsync(IServiceProvider services, Viewer viewer, CancellationToken ct)
    {
        var store = services.GetRequiredService<Store.Store>();
        try
        {
            return $"{store.Dialect.Where}, {viewer.Size((await store.MeasureAsync(ct)).OnDisk)}";
        }
        catch (Store.StoreException e)
        {
            return viewer[e.Problem.Text];
        }
    }

    private static string Free(string folder, Viewer viewer)
    {
        try
        {
            return $"{viewer.Size(new DriveInfo(folder).AvailableFreeSpace)} {viewer[HealthTexts.Free]}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
