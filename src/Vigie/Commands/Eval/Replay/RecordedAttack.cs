using Vigie.Engine.Events;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Commands.Eval.Replay;

/// <summary>A file in which one attack was recorded.</summary>
/// <param name="Path">The file; packed or an archive too.</param>
/// <param name="Name">What the report calls it.</param>
/// <param name="Names">Who appears in it.</param>
/// <param name="First">Its earliest event.</param>
/// <param name="Events">How many events it has.</param>
internal sealed record RecordedAttack(string Path, string Name, RecordedNames Names, DateTimeOffset First, long Events)
{
    private const int LongestName = 48;

    /// <summary>Reads who appears in a file; null where it is no log, or has no event with a time.</summary>
    public static RecordedAttack? Read(string path, CancellationToken token)
    {
        var names = new RecordedNames();
        var record = new EventRecord(FieldCatalog.Empty);
        var (events, first) = (0L, DateTimeOffset.MaxValue);
        foreach (var content in new LogContents(new ContentLimits(), static (_, _) => { }).Open(path))
        {
            using var reader = new ContentReader(content, new ReadAs(), static _ => { });
            while (reader.Read(record))
            {
                token.ThrowIfCancellationRequested();
                events++;
                if (record.Time is { } time && time < first) first = time;
                names.Observe(record);
            }
        }

        names.Complete();
        return first == DateTimeOffset.MaxValue ? null : new RecordedAttack(path, ShortName(path), names, first, events);
    }

    // Names as tactic__host__what__what_date: what it is stands in the third part.
    private static string ShortName(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(LogContents.BareName(path));
        var parts = name.Split("__");
        if (parts.Length > 2) name = parts[2];
        return name.Length <= LongestName ? name : name[..LongestName];
    }
}
