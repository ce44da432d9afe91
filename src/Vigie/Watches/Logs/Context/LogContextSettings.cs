using Vigie.Operations;

namespace Vigie.Watches.Logs.Context;

/// <summary>The <c>logs.context</c> part of the settings, validated: how much is kept of what stands around a finding.</summary>
public sealed record LogContextSettings
{
    /// <summary>How many events before a finding are kept, of the same source and machine.</summary>
    public int Before { get; init; } = 10;

    /// <summary>How many events after it.</summary>
    public int After { get; init; } = 10;

    /// <summary>How long the events after it are waited for.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The most bytes of one event that are kept.</summary>
    public int EventBytes { get; init; } = 4_000;

    /// <summary>The most bytes of events that are held in memory for findings that may come.</summary>
    public long Memory { get; init; } = 16_000_000;

    /// <summary>The most bytes of events that are stored in an hour.</summary>
    public long HourlyBytes { get; init; } = 100_000_000;

    internal static LogContextSettings Read(SettingsSection section)
    {
        var defaults = new LogContextSettings();
        return new LogContextSettings
        {
            Before = section.Int("before", defaults.Before, 0, 100),
            After = section.Int("after", defaults.After, 0, 100),
            Wait = section.Duration("wait", defaults.Wait, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            EventBytes = (int)section.Size("eventBytes", defaults.EventBytes, 200, 16_000),
            Memory = section.Size("memory", defaults.Memory, 1_000_000, 1_000_000_000),
            HourlyBytes = section.Size("hourlyBytes", defaults.HourlyBytes, 0, 1_000_000_000_000),
        };
    }
}
