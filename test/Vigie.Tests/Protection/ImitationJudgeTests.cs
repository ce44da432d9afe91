using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Tests.Protection;

public sealed class ImitationJudgeTests
{
    private static readonly ProtectedNames AllPacks = new(new ProtectionSettings
    {
        OwnDomains = ["agence-voyage.example", "agence-voyage.fr"],
        Packs = PackLibrary.Load(PackLibrary.DefaultDirectory).Packs,
    });

    private static readonly ImitationJudge Judge = new(AllPacks, Strictness.Normal);

    [Theory]
    [InlineData("army.ml", "army.mil")]
    [InlineData("mail.army.ml", "army.mil")]
    [InlineData("usaf.mil", "us.af.mil")]
    [InlineData("us.af.ml", "us.af.mil")]
    [InlineData("us-af.mil", "us.af.mil")]
    [InlineData("navy.ml", "navy.mil")]
    [InlineData("africom.ml", "africom.mil")]
    [InlineData("unicfe.org", "unicef.org")]
    [InlineData("savethechildern.org", "savethechildren.org")]
    [InlineData("ecobnak.com", "ecobank.com")]
    [InlineData("diplomatie.guov.sn", "diplomatie.gouv.sn")]
    public void A_slip_for_a_guarded_name_is_stopped(string suspect, string target)
    {
        var verdict = Judge.Judge(suspect, RelationshipEvidence.None);

        Assert.True(verdict.Strength >= ImitationStrength.Hold, $"{verdict.Posterior}: {verdict.Reason}");
        Assert.Equal(target, verdict.Best!.Target.Domain);
    }

    [Fact]
    public void Army_ml_is_refused_for_army_mil() =>
        Assert.Equal(ImitationStrength.Refuse, Judge.Judge("army.ml", RelationshipEvidence.None).Strength);

    // People in Mali, and those who write to them, are the ones a clumsy guard for .mil would cut off.
    [Theory]
    [InlineData("mali.gov.ml")]
    [InlineData("education.gov.ml")]
    [InlineData("defense.gouv.ml")]
    [InlineData("agriculture.gouv.ml")]
    [InlineData("mines.gouv.ml")]
    [InlineData("communication.gov.ml")]
    [InlineData("justice.gouv.ml")]
    [InlineData("securite.gouv.ml")]
    [InlineData("mef.gov.ml")]
    [InlineData("sgg.gouv.ml")]
    [InlineData("agetic.gouv.ml")]
    [InlineData("anpe.gov.ml")]
    [InlineData("primature.gov.ml")]
    [InlineData("sante.gov.ml")]
    [InlineData("usttb.edu.ml")]
    [InlineData("ussgb.edu.ml")]
    [InlineData("ml.refer.org")]
    [InlineData("orangemali.com")]
    [InlineData("bnda.ml")]
    [InlineData("bnda-mali.com")]
    [InlineData("bms-sa.ml")]
    [InlineData("edmsa.ml")]
    [InlineData("somagep.ml")]
    [InlineData("cmdt-mali.net")]
    [InlineData("ortm.ml")]
    [InlineData("amap.ml")]
    [InlineData("lessor.ml")]
    [InlineData("journalessor.ml")]
    [InlineData("kibaru.ml")]
    [InlineData("maliweb.net")]
    [InlineData("malijet.com")]
    [InlineData("afribone.com")]
    [InlineData("studiotamani.org")]
    [InlineData("cnpm.ml")]
    [InlineData("ccim.ml")]
    [InlineData("inps.ml")]
    [InlineData("anam.ml")]
    [InlineData("pmu-mali.com")]
    [InlineData("hotel-salam.ml")]
    [InlineData("azalai.com")]
    [InlineData("timbuktu.ml")]
    [InlineData("segou.ml")]
    [InlineData("kayes.ml")]
    [InlineData("djenne-patrimoine.org")]
    [InlineData("festival-au-desert.org")]
    [InlineData("malifolkecenter.org")]
    [InlineData("yeleen.ml")]
    [InlineData("jigiya.ml")]
    [InlineData("sotelma.ml")]
    [InlineData("ikatel.ml")]
    [InlineData("toguna.ml")]
    [InlineData("kafojiginew.ml")]
    [InlineData("nyesigiso.ml")]
    [InlineData("clinique-pasteur.ml")]
    [InlineData("pharmacie-populaire.ml")]
    [InlineData("transport-sonef.ml")]
    [InlineData("bamako.ml")]
    [InlineData("mairie-bamako.ml")]
    [InlineData("barreau.ml")]
    [InlineData("notaires.ml")]
    [InlineData("croix-rouge.ml")]
    [InlineData("tamani.ml")]
    public void A_legitimate_name_in_Mali_is_delivered(string domain)
    {
        var verdict = Judge.Judge(domain, RelationshipEvidence.None);

        Assert.True(verdict.Strength < ImitationStrength.Hold, $"{verdict.Strength} {verdict.Posterior}: {verdict.Reason}");
    }

    [Fact]
    public void No_guarded_name_and_nothing_below_one_is_an_imitation()
    {
        Assert.All(AllPacks.All, name =>
        {
            Assert.Equal(ImitationStrength.None, Judge.Judge(name.Domain, RelationshipEvidence.None).Strength);
            Assert.Equal(ImitationStrength.None, Judge.Judge("mail." + name.Domain, RelationshipEvidence.None).Strength);
        });
    }

    [Fact]
    public void The_own_domain_is_own_with_everything_below_it_and_nothing_beside_it()
    {
        Assert.True(AllPacks.IsOwn("agence-voyage.fr"));
        Assert.True(AllPacks.IsOwn("paris.agence-voyage.fr"));
        Assert.False(AllPacks.IsOwn("mon-agence-voyage.fr"));
        Assert.False(AllPacks.IsOwn("army.mil"));
    }

    [Fact]
    public void An_answer_from_the_exact_domain_settles_it()
    {
        foreach (var suspect in Suspects())
            Assert.Equal(ImitationStrength.None, Judge.Judge(suspect, new RelationshipEvidence(0, 0, 500, 5000, RepliesSeen: true)).Strength);
    }

    [Fact]
    public void Earlier_mail_with_the_exact_domain_never_raises_suspicion()
    {
        foreach (var suspect in Suspects())
        {
            var before = double.PositiveInfinity;
            foreach (var count in new[] { 0, 1, 2, 5, 20, 100, 5000 })
            {
                var posterior = Judge.Judge(suspect, new RelationshipEvidence(count, count, 0, 0, false)).Posterior;
                Assert.True(posterior <= before, $"{suspect}: {count} messages raised it to {posterior}");
                before = posterior;
            }
        }
    }

    [Fact]
    public void Earlier_mail_with_the_target_never_lowers_suspicion()
    {
        foreach (var suspect in Suspects())
        {
            var before = 0.0;
            foreach (var count in new[] { 0, 1, 2, 5, 20, 100, 5000 })
            {
                var posterior = Judge.Judge(suspect, new RelationshipEvidence(0, 0, count, count, false)).Posterior;
                Assert.True(posterior >= before, $"{suspect}: {count} messages lowered it to {posterior}");
                before = posterior;
            }
        }
    }

    [Fact]
    public void The_more_likely_the_slip_the_more_probable_the_mistake()
    {
        var target = AllPacks.All.First(n => n.Domain == "army.mil");
        Assert.True(PublicSuffixes.Default.TrySplit("army.ml", out var parts));
        Assert.True(PublicSuffixes.Default.TrySplit("army.mil", out var targetParts));
        var before = -1.0;
        for (var exponent = -12.0; exponent <= 0; exponent += 0.5)
        {
            var imitation = new Imitation(target, "army.ml", ImitationFamily.TldTypo, Math.Pow(10, exponent));
            var probability = MistakeOdds.Of(imitation, parts, targetParts, targetInZone: true, RelationshipEvidence.None).Probability;
            Assert.True(probability > before || probability > 0.999999, $"1e{exponent}: {probability} after {before}");
            before = probability;
        }
    }

    [Fact]
    public void The_same_question_gets_the_same_answer()
    {
        foreach (var suspect in Suspects())
            Assert.Equal(Judge.Judge(suspect, RelationshipEvidence.None), Judge.Judge(suspect, RelationshipEvidence.None));
    }

    [Fact]
    public void Every_verdict_gives_its_numbers_in_both_languages()
    {
        var verdict = Judge.Judge("army.ml", RelationshipEvidence.None);

        Assert.Contains("army.mil (United States Army)", verdict.Reason.English, StringComparison.Ordinal);
        Assert.Contains("1 in ", verdict.Reason.English, StringComparison.Ordinal);
        Assert.Contains("1 sur ", verdict.Reason.French, StringComparison.Ordinal);
        Assert.Contains(ImitationJudge.ModelVersion, verdict.Reason.French, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("com")]
    [InlineData("a b")]
    [InlineData("[192.0.2.1]")]
    [InlineData("-.-")]
    [InlineData("localhost")]
    public void What_is_not_a_domain_resembles_nothing(string text) =>
        Assert.Equal(ImitationVerdict.Nothing, Judge.Judge(text, RelationshipEvidence.None));

    private static IEnumerable<string> Suspects() =>
        ["army.ml", "usaf.mil", "unicfe.org", "ecobank.co", "xn--unicf-fsa.org", "secure-ecobank.com", "army.mil.example.com", "agence-voyages.fr"];
}
