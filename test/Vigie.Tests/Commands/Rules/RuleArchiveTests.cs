using System.IO.Compression;
using Vigie.Commands.Rules;

namespace Vigie.Tests.Commands.Rules;

/// <summary>Archives that strangers made.</summary>
public sealed class RuleArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Takes_the_rules_and_the_licence_and_leaves_the_rest()
    {
        var zip = Zip(("rules/a.yml", "title: a"), ("rules/deep/b.yaml", "title: b"), ("LICENSE.Detection.Rules.md", "DRL"), ("run.sh", "rm -rf /"), ("a.yml.exe", "MZ"));
        var target = Target();
        Assert.Equal(3, RuleArchive.Unpack(zip, target, Token));
        Assert.Equal(
            ["LICENSE.Detection.Rules.md", "rules/a.yml", "rules/deep/b.yaml"],
            Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(target, path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("../evil.yml")]
    [InlineData("rules/../../evil.yml")]
    [InlineData("/etc/evil.yml")]
    [InlineData("..\\evil.yml")]
    [InlineData("C:evil.yml")]
    [InlineData("a/\u0001.yml")]
    public void Refuses_an_archive_that_leads_elsewhere(string name)
    {
        var zip = Zip(("rules/a.yml", "title: a"), (name, "title: evil"));
        Assert.Throws<RuleArchiveException>(() => RuleArchive.Unpack(zip, Target(), Token));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "evil*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Refuses_links()
    {
        var zip = Path.Combine(_folder.Path, "link.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            var entry = archive.CreateEntry("rules/a.yml");
            entry.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var writer = new StreamWriter(entry.Open());
            writer.Write("/etc/passwd");
        }

        Assert.Throws<RuleArchiveException>(() => RuleArchive.Unpack(zip, Target(), Token));
    }

    [Fact]
    public void Refuses_a_bomb_by_what_comes_out_of_it()
    {
        var zip = Zip(("rules/a.yml", new string(' ', RuleArchive.MaxFileBytes + 1)));
        Assert.True(new FileInfo(zip).Length < 10_000);
        Assert.Throws<RuleArchiveException>(() => RuleArchive.Unpack(zip, Target(), Token));
    }

    [Fact]
    public void Says_what_is_no_archive()
    {
        var file = Path.Combine(_folder.Path, "rules.tar");
        File.WriteAllText(file, "no zip at all");
        Assert.Throws<RuleArchiveException>(() => RuleArchive.Unpack(file, Target(), Token));
    }

    [Fact]
    public void Never_takes_other_than_rules_from_archives_with_flipped_bits()
    {
        var whole = File.ReadAllBytes(Zip(("rules/a.yml", "title: a"), ("rules/b.yml", new string('x', 3000))));
        var random = new Random(20261121);
        for (var i = 0; i < 300; i++)
        {
            var damaged = (byte[])whole.Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            var file = Path.Combine(_folder.Path, "damaged.zip");
            File.WriteAllBytes(file, damaged);
            var target = Target();
            try
            {
                RuleArchive.Unpack(file, target, Token);
            }
            catch (Exception e) when (e is RuleArchiveException or IOException or InvalidDataException)
            {
                continue;
            }

            Assert.All(Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories), path => Assert.True(Path.GetExtension(path) is ".yml" or ".yaml" || Path.GetFileName(path).StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public void A_folder_takes_the_place_of_another_in_one_step()
    {
        var (made, place) = (Path.Combine(_folder.Path, "made"), Path.Combine(_folder.Path, "place"));
        foreach (var content in (string[])["one", "two"])
        {
            Directory.CreateDirectory(made);
            File.WriteAllText(Path.Combine(made, content), content);
            FolderExchange.Put(made, place);
            Assert.Equal([content], Directory.EnumerateFiles(place).Select(path => Path.GetFileName(path)));
            Assert.False(Directory.Exists(made));
        }
    }

    private string Target() => Directory.CreateDirectory(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"), "target")).FullName;

    private string Zip(params (string Name, string Content)[] entries)
    {
        var path = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.zip");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(content);
        }

        return path;
    }
}
