using Vigie.Governance;

namespace Vigie.Tests.Governance;

public sealed class AccessTests
{
    [Fact]
    public void Every_permission_has_a_least_role_and_every_role_includes_the_ones_before_it()
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            var least = Access.LeastRole(permission);
            foreach (var role in Enum.GetValues<Role>()) Assert.Equal(role >= least, Access.Allows(role, permission));
        }
    }

    [Fact]
    public void Only_administrators_change_the_guard_itself()
    {
        foreach (var permission in (Permission[])[Permission.SwitchMode, Permission.ChangeProtectedNames, Permission.ManageAccounts, Permission.ReadJournal])
            Assert.False(Access.Allows(Role.Approver, permission));
    }

    [Fact]
    public void Analysts_read_and_work_on_incidents_and_change_nothing_else()
    {
        foreach (var permission in Enum.GetValues<Permission>().Where(permission => Access.Allows(Role.Analyst, permission)))
            Assert.Matches("^(Read|Explore|WorkOnIncidents|ManageOwnAccount)", permission.ToString());
    }
}
