using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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
                AddMembers(record, map, path, AddValue(FieldKind.Object, Json(map)));
                break;
            case SigmaList list:
                var array = AddValue(FieldKind.Array, Json(list));
                foreach (var item in list.Items) Add(record, 0, path, item, array);
                break;
            case SigmaScalar scalar:
                AddValue(KindOf(scalar), scalar.IsNull ? "" : scalar.Value);
                break;
        }

        int AddValue(FieldKind kind, string text)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            return record.Add(name, 0, slot, kind, record.Write(utf8), utf8.Length, parent);
        }
    }

    // The text a container has in a log: JSON without blanks.
    private static string Json(SigmaNode node) => node switch
    {
        SigmaMap map => $"{{{string.Join(',', map.Entries.Select(e => $"{Quoted(e.Name)}:{Json(e.Value)}"))}}}",
        SigmaList list => $"[{string.Join(',', list.Items.Select(Json))}]",
        SigmaScalar scalar when KindOf(scalar) == FieldKind.String => Quoted(scalar.Value),
        SigmaScalar { IsNull: true } => "null",
        _ => ((SigmaScalar)node).Value,
    };

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static FieldKind KindOf(SigmaScalar scalar)
    {
        if (!scalar.IsPlain) return FieldKind.String;
        if (scalar.IsNull) return FieldKind.Null;
        if (scalar.Boolean is { } boolean) return boolean ? FieldKind.True : FieldKind.False;
        return double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? FieldKind.Number : FieldKind.String;
    }
}
