using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Tests.Events;

public sealed class EventRecordTests
{
    private static readonly FieldCatalog Catalog = new(["Image", "User", "Resources.type"]);

    [Fact]
    public void Values_lie_where_they_were_read_and_are_found_by_slot()
    {
        var record = Begin("Image=cmd.exe");
        record.Add(0, 5, Catalog.SlotOf("Image"), FieldKind.String, 6, 7);

        Assert.Equal("cmd.exe", Encoding.UTF8.GetString(record.ValueOf(Catalog.SlotOf("Image"))));
        Assert.Equal("Image", record.Name(0));
        Assert.Equal(-1, record.First(Catalog.SlotOf("User")));
    }

    [Fact]
    public void The_next_event_does_not_see_the_last_one()
    {
        var record = Begin("x");
        record.AddDerived("User", FieldKind.String, "bob"u8);
        Assert.NotEqual(-1, record.First(Catalog.SlotOf("User")));

        record.Begin(Encoding.UTF8.GetBytes("y"), 0, 1);

        Assert.Equal(-1, record.First(Catalog.SlotOf("User")));
        Assert.Equal(0, record.Count);
        Assert.Null(record.Time);
        Assert.Same(EventClass.Unknown, record.Class);
    }

    [Fact]
    public void A_field_with_several_values_keeps_their_order()
    {
        var record = Begin("abc");
        var slot = Catalog.SlotOf("User");
        for (var i = 0; i < 3; i++) record.Add(record.Intern("User"), 0, slot, FieldKind.String, i, 1);

        var seen = new StringBuilder();
        for (var field = record.First(slot); field >= 0; field = record.Next(field)) seen.Append(record.Text(field));

        Assert.Equal("abc", seen.ToString());
    }

    [Fact]
    public void Names_of_containers_are_joined_and_arrays_have_no_name_of_their_own()
    {
        // {"Resources":[{"type":"role"}]}
        var record = Begin("{\"Resources\":[{\"type\":\"role\"}]}");
        var root = record.Add(2, 9, FieldCatalog.None, FieldKind.Array, 13, 17);
        var element = record.Add(0, 0, FieldCatalog.None, FieldKind.Object, 14, 15, root);
        var leaf = record.Add(16, 4, Catalog.SlotOf("Resources.type"), FieldKind.String, 23, 4, element);

        Assert.Equal("Resources.type", record.Name(leaf));
        Assert.Equal("role", record.Text(leaf));
        var captured = record.Capture();
        Assert.Equal([new CapturedField("Resources.type", FieldKind.String, "role")], captured.Fields);
    }

    [Fact]
    public void Utf16_is_read_as_text_even_when_it_is_cut_or_holds_half_a_pair()
    {
        byte[] bytes = [.. Encoding.Unicode.GetBytes("Grüße"), 0x3D, 0xD8, 0x41];
        var record = new EventRecord(Catalog);
        record.Begin(bytes, 0, bytes.Length);
        record.Add(record.Intern("User"), 0, Catalog.SlotOf("User"), FieldKind.Utf16, 0, bytes.Length);

        Assert.Equal("Grüße\uFFFD", record.Text(0));
        Assert.Equal(FieldKind.String, record.Kind(0));
    }

    [Fact]
    public void An_alias_is_a_field_of_its_own_with_the_same_value()
    {
        var record = Begin("""C:\\x""");
        var raw = record.Add(record.Intern("NewProcessName"), 0, FieldCatalog.None, FieldKind.EscapedString, 0, 5);
        record.Alias(Catalog.SlotOf("Image"), raw);

        Assert.Equal(@"C:\x", Encoding.UTF8.GetString(record.ValueOf(Catalog.SlotOf("Image"))));
        Assert.Equal(["NewProcessName", "Image"], record.Capture().Fields.Select(f => f.Name));
    }

    [Fact]
    public void More_fields_than_an_event_may_have_are_dropped_and_it_is_said()
    {
        var record = Begin("x");
        for (var i = 0; i < EventRecord.MaxFields + 10; i++) record.Add(record.Intern("f"), 0, FieldCatalog.None, FieldKind.String, 0, 1);

        Assert.Equal(EventRecord.MaxFields, record.Count);
        Assert.True(record.IsTruncated);
    }

    [Fact]
    public void Reading_values_again_and_again_allocates_nothing()
    {
        var record = Begin("""a\nb""");
        Fill(record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Fill(record);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Fill(EventRecord record)
        {
            record.Rewind();
            record.Add(~0, 0, 0, FieldKind.EscapedString, 0, 4);
            record.AddDerived(1, FieldKind.String, "bob"u8);
            if (record.ValueOf(0).Length != 3 || record.ValueOf(1).Length != 3) throw new InvalidOperationException();
        }
    }

    private static EventRecord Begin(string bytes)
    {
        var record = new EventRecord(Catalog);
        var buffer = Encoding.UTF8.GetBytes(bytes);
        record.Begin(buffer, 0, buffer.Length);
        return record;
    }
}
