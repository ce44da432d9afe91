using System.Globalization;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Testing;

/// <summary>Makes events of what a person wrote down: JSON, or the same in YAML's flow style.</summary>
public static class WrittenEvent
{
    /// <summary>Fills <paramref name="record"/>: nested names are joined by dots, a list is a field with several values, plain scalars have their type.</summary>
    public static void Fill(EventRecord record, SigmaMap written, EventClass @class)
    {
        record.Begin([], 0);
        record.Class = @class;
        AddMembers(record, written, "", -1);
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
