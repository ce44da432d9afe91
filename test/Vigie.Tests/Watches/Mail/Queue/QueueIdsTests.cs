using Vigie.Watches.Mail.Queue;

namespace Vigie.Tests.Watches.Mail.Queue;

public sealed class QueueIdsTests
{
    [Theory]
    [InlineData("B17EEB1E312")]
    [InlineData("4F5C71")]
    [InlineData("3Pt2mN2VXxznjll")]
    [InlineData("4dCYYw1FTbz2xYg")]
    public void Ids_that_Postfix_makes_are_ids(string id) => Assert.True(QueueIds.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("ALL")]
    [InlineData("ALLALL")]
    [InlineData("-r")]
    [InlineData("B17EE B1E312")]
    [InlineData("B17EEB1E312\n")]
    [InlineData("../B17EEB1E312")]
    [InlineData("B17EEB1E312;id")]
    [InlineData("b17eeb1e312")]
    [InlineData("B17EEB1E312B17EEB1E312B17")]
    [InlineData("１２３４５６７")]
    public void Everything_else_is_not(string id) => Assert.False(QueueIds.IsValid(id));
}
