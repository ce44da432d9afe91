using System.Text;
using Vigie.Engine.Attack;

namespace Vigie.Tests.Attack;

public sealed class AttackKnowledgeReaderTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public void A_bundle_a_list_and_lines_say_the_same_in_pieces_of_any_size()
    {
        var text = StixText.ThreeWays();
        string[] forms = [text.Lines(), text.Bundle(), text.Bundle(pretty: true), "\uFEFF" + text.Bundle(), "[" + text.Lines().Replace("\n", ",\n", StringComparison.Ordinal) + "]", text.Lines().Replace("\n", "\r\n\u001E", StringComparison.Ordinal)];
        foreach (var form in forms)
        {
            foreach (var piece in (int[])[1, 7, 4096])
            {
                var (knowledge, reader) = StixText.Read(Bytes(form), piece: piece);
                Assert.Null(reader.Failure);
                Assert.Empty(reader.Problems);
                Assert.Equal(text.Objects.Count, reader.Objects);
                Assert.Equal(15, knowledge!.Techniques.Length);
                Assert.Equal(18, knowledge.Cases.Length);
                Assert.Equal(["initial-access", "execution", "exfiltration"], knowledge.Tactics);
                Assert.Equal(["T1001", "T2001", "T2011", "T3001", "T3011"], knowledge.Cases[0].Techniques);
                Assert.Equal("Copyright nobody.", knowledge.Copyright);
                Assert.Equal("2024-05-01", knowledge.Modified);
            }
        }
    }

    [Fact]
    public void What_is_revoked_or_deprecated_does_not_count_nor_what_relates_to_it()
    {
        var knowledge = new StixText()
            .Technique("T1", "execution").Technique("T2", "execution").Technique("T9", "execution", revoked: true).Technique("T8", "execution", revoked: true)
            .Relation("revoked-by", "attack-pattern--T8", "attack-pattern--T9").Relation("revoked-by", "attack-pattern--T9", "attack-pattern--T2")
            .Case("G1", false, "T1", "T9").Case("G2", false, "T9")
            .Add(new { type = "intrusion-set", id = "intrusion-set--G3", name = "gone", x_mitre_deprecated = true, external_references = new[] { new { source_name = "mitre-attack", external_id = "G3" } } })
            .Relation("uses", "intrusion-set--G3", "attack-pattern--T1")
            .Relation("uses", "intrusion-set--G1", "attack-pattern--T2", revoked: true)
            .Knowledge();
        Assert.Equal(["T1", "T2"], knowledge.Techniques.Select(technique => technique.Id));
        Assert.Equal("G1: T1", string.Join("; ", knowledge.Cases.Select(one => $"{one.Id}: {string.Join(' ', one.Techniques)}")));
        Assert.Equal("T2", knowledge.Replaced["T9"]);
        Assert.Equal("T2", knowledge.Replaced["T8"]);
    }

    [Fact]
    public void Of_two_objects_with_one_id_the_one_changed_last_counts()
    {
        object Group(string name, string modified) => new { type = "intrusion-set", id = "intrusion-set--G1", name, modified, external_references = new[] { new { source_name = "mitre-attack", external_id = "G1" } } };
        var text = new StixText().Technique("T1", "execution").Add(Group("new", "2025-02-01T00:00:00Z")).Add(Group("old", "2024-02-01T00:00:00Z")).Relation("uses", "intrusion-set--G1", "attack-pattern--T1");
        Assert.Equal("new", text.Knowledge().Cases.Single().Name);
    }

    [Fact]
    public void Attribution_mitigations_and_detections_are_followed()
    {
        var knowledge = new StixText().Technique("T1", "execution").Technique("T2", "execution")
            .Case("G1", false, "T1").Case("C1", true, "T1", "T2").Relation("attributed-to", "campaign--C1", "intrusion-set--G1")
            .Add(new { type = "course-of-action", id = "course-of-action--M1", name = "Train people", external_references = new[] { new { source_name = "mitre-attack", external_id = "M1" } } })
            .Relation("mitigates", "course-of-action--M1", "attack-pattern--T1")
            .Add(new { type = "x-mitre-analytic", id = "x-mitre-analytic--1", x_mitre_log_source_references = new[] { new { name = "auditd:SYSCALL" }, new { name = "Sysmon" }, new { name = "auditd:SYSCALL" } } })
            .Add(new { type = "x-mitre-detection-strategy", id = "x-mitre-detection-strategy--1", name = "Watch it", x_mitre_analytic_refs = new[] { "x-mitre-analytic--1", "x-mitre-analytic--none" }, external_references = new[] { new { source_name = "mitre-attack", external_id = "DET1" } } })
            .Relation("detects", "x-mitre-detection-strategy--1", "attack-pattern--T1")
            .Knowledge();
        Assert.Equal(["G1"], knowledge.Cases.Single(one => one.Id == "C1").Twins);
        Assert.Equal(["C1"], knowledge.Cases.Single(one => one.Id == "G1").Twins);
        Assert.Equal(["M1"], knowledge.Techniques[0].Mitigations);
        Assert.Equal("Train people", knowledge.Mitigations.Single().Name);
        Assert.Equal(["auditd:SYSCALL", "Sysmon"], knowledge.Detections.Single().LogSources);
        Assert.Empty(knowledge.Techniques[1].Detections);
    }

    [Theory]
    [InlineData("{\"type\":\"campaign\",\"id\":\"campaign--1\"}\n{\"type\":\"attack-pattern\"\n{\"type\":", "3: the object that begins on line 2 does not end")]
    [InlineData("{\"type\":\"cam\npaign\"}", "1: a text does not end before its line does")]
    [InlineData("\n\nhello", "3: a JSON object is expected here")]
    [InlineData("{\"type\":\"bundle\",\"objects\":[{\"type\":\"campaign\"},\n17]}", "2: only objects belong in a list of objects")]
    [InlineData("{\"type\":\"bundle\",\"objects\":[{\"type\":\"campaign\"}", "1: the bundle does not end")]
    [InlineData("{\"a\":[}", "1: '}' closes nothing")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "1: more than 32 objects and lists within each other")]
    public void What_is_not_JSON_ends_the_reading_and_says_where(string text, string problem)
    {
        var (knowledge, reader) = StixText.Read(Bytes(text));
        Assert.Null(knowledge);
        Assert.Equal(problem, reader.Failure!.ToString());
    }

    [Theory]
    [InlineData("{\"id\":\"campaign--1\"}", "1: type: a text is expected")]
    [InlineData("{\"type\":\"campaign\",\"id\":17}", "1: id: a text of at most 200 characters is expected")]
    [InlineData("\n{\"type\":\"relationship\",\"id\":\"relationship--1\",\"relationship_type\":\"uses\",\"source_ref\":\"a\"}", "2: target_ref: a text is expected")]
    [InlineData("{\"type\":\"attack-pattern\",\"id\":\"attack-pattern--1\",\"external_references\":[17,{\"source_name\":\"mitre-attack\",\"external_id\":{}}]}", "1: external_references: attack-pattern--1 has no technique's id")]
    [InlineData("{\"type\":\"campaign\",\"id\":\"\\ud800\"}", "1: a text is not Unicode")]
    [InlineData("{\"type\":\"campaign\" \"id\"}", "1: this is not JSON: character 20 of the object's line")]
    public void An_object_that_cannot_be_used_is_told_and_passed_over(string text, string problem)
    {
        var (knowledge, reader) = StixText.Read(Bytes(text + "\n" + new StixText().Technique("T1", "execution").Lines()));
        Assert.Equal(problem, reader.Problems.Single().ToString());
        Assert.Single(knowledge!.Techniques);
    }

    [Fact]
    public void Size_and_count_are_bounded()
    {
        var text = Bytes(StixText.ThreeWays().Lines());
        Assert.Contains("bytes", StixText.Read(text, new StixLimits { MaxBytes = 1000 }).Reader.Failure!.Text, StringComparison.Ordinal);
        Assert.Contains("objects", StixText.Read(text, new StixLimits { MaxObjects = 10 }).Reader.Failure!.Text, StringComparison.Ordinal);
        var one = Bytes("{\"type\":\"campaign\",\"name\":\"" + new string('x', 5000) + "\"}");
        foreach (var piece in (int[])[1, 100, 100_000])
            Assert.Contains("more than 1000 bytes", StixText.Read(one, new StixLimits { MaxObjectBytes = 1000 }, piece).Reader.Failure!.Text, StringComparison.Ordinal);
        var many = Bytes(string.Concat(Enumerable.Repeat("{}\n", 500)));
        var reader = StixText.Read(many).Reader;
        Assert.Equal(500, reader.ProblemCount);
        Assert.Equal(20, reader.Problems.Count);
    }

    [Fact]
    public void Damaged_and_invented_bytes_never_throw()
    {
        var random = new Random(20261122);
        string[] seeds = [StixText.ThreeWays().Lines(), StixText.ThreeWays().Bundle()];
        var pieces = "{}[]\",:\\ \n\t0aé"u8.ToArray();
        for (var round = 0; round < 3000; round++)
        {
            var bytes = Bytes(seeds[round % 2]);
            bytes = bytes[..random.Next(1, Math.Min(bytes.Length, 3000))];
            for (var change = random.Next(1, 8); change > 0; change--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : pieces[random.Next(pieces.Length)];
            if (round % 5 == 0) for (var i = 0; i < bytes.Length; i++) bytes[i] = pieces[random.Next(pieces.Length)];
            var (_, reader) = StixText.Read(bytes, new StixLimits { MaxObjectBytes = 2000, MaxObjects = 50, MaxDepth = 8 }, random.Next(1, 500));
            Assert.True(reader.Problems.Count <= 20);
            Assert.True(reader.Objects <= 51);
        }
    }
}
