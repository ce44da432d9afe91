using System.Globalization;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

/// <summary>Makes events of what a test case writes down: JSON, or the same in YAML's flow style.</summary>
internal static class WrittenEvent
{
    /// <summary>Reads JSON.</summary>
    public static SigmaMap Parse(string json)
    {
        var problems = new List<SigmaProblem>();
        var root = SigmaYaml.Read(json, "event", problems);
        Assert.Empty(problems);
        return Assert.Single(root).Root;
    }

    /// <summary>A record of the event, with slots for the fields of <paramref name="catalog"/>.</summary>
    public static EventRecord Record(SigmaMap written, FieldCatalog catalog, EventClass @class)
    {
        var record = new EventRecord(catalog);
        record.Begin([], 0);
        record.Class = @class;
        AddMembers(record, written, "", -1);
        return record;
    }

    private static void AddMembers(EventRecord record, SigmaMap map, string path, int parent)
    {
        foreach (var (name, value, _) in map.Entries) Add(record, record.Intern(name), path.Length == 0 ? name : $"{path}.{name}", value, parent);
    }

    private static void Add(EventRecord record, int name, string path, SigmaNode value, int parent)
    {
        var slot = record.Catalog.SlotOf(path);
        switch (value)
        {
            case SigmaMap map:
                AddMembers(record, map, path, record.Add(name, 0, slot, FieldKind.Object, 0, 0, parent));
                break;
            case SigmaList list:
                var array = record.Add(name, 0, slot, FieldKind.Array, 0, 0, parent);
                foreach (var item in list.Items) Add(record, 0, path, item, array);
                break;
            case SigmaScalar scalar:
                var utf8 = scalar.IsNull ? [] : Encoding.UTF8.GetBytes(scalar.Value);
                record.Add(name, 0, slot, KindOf(scalar), record.Write(utf8), utf8.Length, parent);
                break;
        }
    }

    private static FieldKind KindOf(SigmaScalar scalar)
    {
        if (!scalar.IsPlain) return FieldKind.String;
        if (scalar.IsNull) return FieldKind.Null;
        if (scalar.Boolean is { } boolean) return boolean ? FieldKind.True : FieldKind.False;
        return double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? FieldKind.Number : FieldKind.String;
    }
}
