using Vigie.Engine.Attack;

namespace Vigie.Tests.Attack;

public sealed class AttackMatrixTests
{
    private static readonly AttackMatrix Matrix = AttackMatrix.Enterprise;

    [Fact]
    public void Knows_the_tactics_in_the_order_of_the_matrix()
    {
        Assert.Equal(14, Matrix.Tactics.Length);
        Assert.Equal("reconnaissance", Matrix.Tactics[0].ShortName);
        Assert.Equal("impact", Matrix.Tactics[^1].ShortName);
    }

    [Fact]
    public void Every_technique_serves_a_tactic_that_is_there()
    {
        var tactics = Matrix.Tactics.Select(tactic => tactic.ShortName).ToHashSet(StringComparer.Ordinal);
        Assert.True(Matrix.Techniques.Length > 600);
        Assert.All(Matrix.Techniques, technique =>
        {
            Assert.NotEmpty(technique.Tactics);
            Assert.All(technique.Tactics, tactic => Assert.Contains(tactic, tactics));
            if (technique.IsSubTechnique) Assert.NotNull(Matrix.Find(technique.ParentId));
        });
    }

    [Fact]
    public void Finds_techniques_whatever_the_case_and_names_them_in_full()
    {
        Assert.Equal("PowerShell", Matrix.Find("t1059.001")!.Name);
        Assert.Equal("Command and Scripting Interpreter: PowerShell", Matrix.FullName("T1059.001"));
        Assert.Equal("T9999", Matrix.FullName("T9999"));
    }
}
