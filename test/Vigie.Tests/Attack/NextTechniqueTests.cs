using System.IO.Compression;
using Vigie.Engine.Attack;

namespace Vigie.Tests.Attack;

public sealed class NextTechniqueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Names_what_those_used_next_who_did_the_same()
    {
        var predictor = new NextTechniquePredictor(StixText.ThreeWays().Knowledge(), new NextTechniqueParameters());
        foreach (var way in (int[])[1, 2, 3])
        {
            var prediction = predictor.Predict([$"t100{way}", $"T200{way}", "T9999", "T9999"], 3);
            Assert.Equal("execution", prediction.Tactic);
            Assert.Equal(["T9999"], prediction.Unknown);
            Assert.Equal([$"T201{way}", $"T300{way}", $"T301{way}"], prediction.Next.Select(next => next.Technique.Id).Order(StringComparer.Ordinal));
            Assert.All(prediction.Next, next =>
            {
                Assert.Equal((6, 6), (next.UsedBy, next.Alike));
                Assert.All(next.Support, support => Assert.Equal(2, support.Shared));
                Assert.InRange(next.Likely, 0.6, 1);
            });
        }
    }

    [Fact]
    public void Names_neither_what_was_seen_nor_what_belongs_to_earlier_tactics()
    {
        var predictor = new NextTechniquePredictor(StixText.ThreeWays().Knowledge(), new NextTechniqueParameters());
        var next = predictor.Predict(["T2001", "T3001"], 50).Next.Select(one => one.Technique.Id).ToList();
        Assert.DoesNotContain("T3001", next);
        Assert.All(next, id => Assert.StartsWith("T30", id, StringComparison.Ordinal));
        Assert.NotEmpty(next);
    }

    [Fact]
    public void What_nobody_used_counts_as_its_parent_and_what_is_no_more_as_what_took_its_place()
    {
        var knowledge = StixText.ThreeWays().Technique("T1001.007", "initial-access").Technique("T77", "execution", revoked: true).Relation("revoked-by", "attack-pattern--T77", "attack-pattern--T2001").Knowledge();
        var predictor = new NextTechniquePredictor(knowledge, new NextTechniqueParameters());
        Assert.Equal(["T1001", "T2001"], predictor.Predict(["T1001.007", "T77"], 1).Seen);
        Assert.Equal(["T1002"], predictor.Predict(["T1002.123"], 1).Seen);
    }

    [Fact]
    public void Nothing_seen_or_nothing_known_foretells_nothing()
    {
        var predictor = new NextTechniquePredictor(StixText.ThreeWays().Knowledge(), new NextTechniqueParameters());
        Assert.Empty(predictor.Predict([], 10).Next);
        Assert.Empty(predictor.Predict(["T9", "", ".", "../../etc"], 10).Next);
        Assert.Empty(new NextTechniquePredictor(new StixText().Knowledge(), new NextTechniqueParameters()).Predict(["T1"], 10).Next);
    }

    [Fact]
    public void A_case_and_its_twins_left_out_teach_nothing()
    {
        // Two cases share what nobody else uses; they are one deed told twice.
        var text = StixText.ThreeWays().Technique("T4001", "initial-access").Technique("T4002", "exfiltration");
        text.Case("C9", true, "T4001", "T4002").Case("G9", false, "T4001", "T4002");
        Assert.Equal(2, RecallOfTheTwo(text), 9);
        Assert.Equal(0, RecallOfTheTwo(text.Relation("attributed-to", "campaign--C9", "intrusion-set--G9")), 9);

        static double RecallOfTheTwo(StixText text)
        {
            // The eighteen others are foretold wholly.
            var scores = new NextTechniqueTraining(text.Knowledge()).Measure(new NextTechniqueParameters(), Token).Scores;
            return scores.Single(score => score.Name == "2 to 5 techniques").Recall * 20 - 18;
        }
    }

    [Fact]
    public void Leaving_rows_out_of_the_regression_is_as_if_they_had_never_been()
    {
        var random = new Random(7);
        int[][] sets = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 30).OrderBy(_ => random.Next()).Take(random.Next(1, 9)).ToArray())];
        int[] seen = [1, 5, 9];
        var with = new StageRidge(sets, 30).Weights(seen, 2, row => row % 3 == 0);
        var without = new StageRidge([.. sets.Where((_, row) => row % 3 != 0)], 30).Weights(seen, 2, _ => false);
        Assert.Equal(without, with.Where((_, row) => row % 3 != 0), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.All(with.Where((_, row) => row % 3 == 0), weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Training_twice_gives_the_same()
    {
        var knowledge = StixText.ThreeWays().Knowledge();
        var (one, two) = (new NextTechniqueTraining(knowledge), new NextTechniqueTraining(knowledge));
        Assert.Equal(one.Choose(Token), two.Choose(Token));
        Assert.Equal(one.Measure(null, Token).Scores, two.Measure(null, Token).Scores);
        Assert.Equal(1, one.Measure(null, Token).Scores[0].Recall);
    }

    [Fact]
    public void Foretells_the_later_half_of_real_cases_better_than_what_is_frequent()
    {
        using var stream = new GZipStream(File.OpenRead(ExternalData.Require("attack/enterprise-attack.jsonl.gz")), CompressionMode.Decompress);
        var reader = new AttackKnowledgeReader(new StixLimits());
        var buffer = new byte[1 << 17];
        int read;
        while ((read = stream.Read(buffer)) > 0) Assert.True(reader.Feed(buffer.AsSpan(0, read)), reader.Failure?.ToString());
        var knowledge = reader.End()!;
        Assert.Empty(reader.Problems);
        Assert.All(knowledge.Techniques, technique => Assert.NotEmpty(technique.Detections));
        var all = new NextTechniqueTraining(knowledge).Measure(new NextTechniqueParameters(), Token).Scores[0];
        Assert.True(all.Cases > 200);
        Assert.True(all.Recall >= 0.30, $"{all.Recall}");
        Assert.True(all.Recall >= 1.1 * all.Baseline, $"{all.Recall} beside {all.Baseline}");
    }
}
