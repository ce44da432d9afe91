using Vigie.Operations;
using Vigie.Protection;

namespace Vigie.Tests.Protection;

public sealed class ProtectionSettingsTests
{
    [Fact]
    public void Without_settings_every_pack_is_loaded_and_the_usual_strictness_applies()
    {
        var settings = Settings.Parse("", null, out var problems).Protection;

        Assert.Empty(problems);
        Assert.True(settings.Packs.Count >= 7);
        Assert.Empty(settings.OwnDomains);
        Assert.Equal(Strictness.Normal, settings.Strictness);
    }

    [Fact]
    public void Reads_domains_in_any_form_and_only_the_packs_named()
    {
        var settings = Settings.Parse("""
            protection:
              ownDomains: [Agence-Voyage.FR, bücher.example]
              partners: partner.example
              packs: [us-military]
              refuseAt: 0.95
            """, null, out var problems).Protection;

        Assert.Empty(problems);
        Assert.Equal(["agence-voyage.fr", "xn--bcher-kva.example"], settings.OwnDomains);
        Assert.Equal(["partner.example"], settings.Partners);
        Assert.Equal("us-military", Assert.Single(settings.Packs).Id);
        Assert.Equal(0.95, settings.Strictness.RefuseAt);
    }

    [Fact]
    public void No_packs_can_be_asked_for()
    {
        var settings = Settings.Parse("protection:\n  packs: []\n", null, out var problems).Protection;

        Assert.Empty(problems);
        Assert.Empty(settings.Packs);
    }

    [Theory]
    [InlineData("ownDomains: [\"not a domain\"]", "protection.ownDomains", "not a domain name")]
    [InlineData("packs: [us-military, mars]", "protection.packs", "mars.yaml")]
    [InlineData("packs: [../../etc/passwd]", "protection.packs", "not the id of a pack")]
    [InlineData("packsDirectory: /nowhere", "protection.packs", "no such folder")]
    [InlineData("noticeAt: 0.9", "protection.noticeAt", "must not be above")]
    [InlineData("holdAt: 0.99", "protection.holdAt", "must not be above")]
    [InlineData("refuseAt: 7", "protection.refuseAt", "from 0.001 to 1")]
    public void A_mistake_is_named_with_its_line_and_key(string line, string key, string text)
    {
        Settings.Parse($"protection:\n  {line}\n", null, out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal(key, problem.Key);
        Assert.Equal(2, problem.Line);
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_pack_is_a_problem_of_the_settings_with_the_packs_own_file_and_line()
    {
        using var folder = new TemporaryFolder();
        folder.Write("broken.yaml", "id: broken\nnames: 7\n");

        Settings.Parse($"protection:\n  packsDirectory: {folder.Path}\n", null, out var problems);

        Assert.Contains(problems, p => p.Key == "protection.packs" && p.Text.StartsWith("broken.yaml:2: names", StringComparison.Ordinal));
    }
}
