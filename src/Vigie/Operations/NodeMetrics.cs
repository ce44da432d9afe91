using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Vigie.Operations;

/// <summary>What the node says about itself: version, start and memory.</summary>
internal sealed class NodeMetrics
{
    public NodeMetrics(IMeterFactory meters, TimeProvider time)
    {
        var started = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        var meter = meters.Create("Vigie");
        meter.CreateObservableGauge("vigie.node.start.time", () => started, "s", "When this node started, in Unix time.");
        meter.CreateObservableGauge("vigie.node.resident.memory", ResidentBytes, "By", "Memory of the process that is in RAM.");
        meter.CreateObservableGauge("vigie.node.info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", Version)), null, "1, with the version as a label.");
    }

    /// <summary>The version with its commit, as <c>vigie --version</c> prints it.</summary>
    public static string Version =>
        typeof(NodeMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
