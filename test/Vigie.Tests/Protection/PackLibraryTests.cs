using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Tests.Protection;

public sealed class PackLibraryTests
{
    [Fact]
    public void The_packs_of_this_project_have_no_problem()
    {
        var library = PackLibrary.Load(PackLibrary.DefaultDirectory);

        Assert.Empty(library.Problems);
        Assert.True(library.Packs.Count >= 7);
        Assert.True(library.Packs.Sum(p => p.Names.Count) >= 250);
    }

    [Fact]
    public void Every_name_of_every_pack_is_registrable_below_a_known_suffix_and_has_an_owner()
    {
        Assert.All(PackLibrary.Load(PackLibrary.DefaultDirectory).Packs.SelectMany(p => p.Names), name =>
        {
            Assert.True(DomainNames.TryNormalize(name.Domain, out var ascii, out var problem), problem);
            Assert.Equal(ascii, name.Domain);
            Assert.True(PublicSuffixes.Default.TrySplit(name.Domain, out _), name.Domain);
            Assert.NotEmpty(name.Owner);
        });
    }

    [Fact]
    public void A_name_in_two_packs_is_a_problem_of_the_second()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "first", "army.mil");
        Write(folder, "second", "army.mil");

        var problem = Assert.Single(PackLibrary.Load(folder.Path).Problems);

        Assert.Equal(("second.yaml", 7, "names.army.mil"), (problem.File, problem.Line, problem.Field));
        Assert.Contains("first.yaml", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_packs_asked_for_are_read_and_an_absent_one_is_a_problem()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "first", "army.mil");
        Write(folder, "second", "navy.mil");

        var library = PackLibrary.Load(folder.Path, ["second", "third"]);

        Assert.Equal("second", Assert.Single(library.Packs).Id);
        Assert.Equal("third.yaml", Assert.Single(library.Problems).File);
    }

    [Fact]
    public void A_folder_that_is_absent_is_a_problem_not_an_exception()
    {
        var library = PackLibrary.Load("/nowhere/at/all");

        Assert.Empty(library.Packs);
        Assert.Contains("no such folder", Assert.Single(library.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_large_for_a_pack_is_not_read()
    {
        using var folder = new TemporaryFolder();
        folder.Write("huge.yaml", new string('#', PackLibrary.MaxFileBytes + 1));

        Assert.Contains("larger than", Assert.Single(PackLibrary.Load(folder.Path).Problems).Text, StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder folder, string id, string name) => folder.Write(id + ".yaml", $$"""
        id: {{id}}
        version: "2026.11"
        title: { en: Title, fr: Titre }
        sources: [ "https://source.example/" ]
        licence: Facts.
        names:
          {{name}}: Owner
        """);
}
