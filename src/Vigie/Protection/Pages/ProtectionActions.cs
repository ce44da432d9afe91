using Vigie.Console;
using Vigie.Engine.Lookalikes;

namespace Vigie.Protection.Pages;

/// <summary>Adding to the protected names and taking away what was added.</summary>
internal static class ProtectionActions
{
    private const string Page = "/protected";

    public static async Task<ActionResult> AddAsync(ActionRequest request)
    {
        var reason = request.Line("reason");
        if (!DomainNames.TryNormalize(request.Line("domain"), out var domain, out var problem))
            return ActionResult.Refused(Page, DomainTexts.NotADomain(problem));
        if (!domain.Contains('.', StringComparison.Ordinal)) return ActionResult.Refused(Page, ProtectionTexts.WholeTop);
        if (reason.Length == 0) return ActionResult.Refused(Page, ShellTexts.ReasonMissing);

        var added = await request.Service<ProtectedNames>().AddAsync(domain, request.Viewer.Name, reason, request.Aborted);
        var here = Query.Address(Page, ("q", domain));
        return added ? ActionResult.Done(here, ProtectionTexts.NowProtected) : ActionResult.Refused(here, ProtectionTexts.AlreadyProtected);
    }

    public static async Task<ActionResult> RemoveAsync(ActionRequest request)
    {
        var reason = request.Line("reason");
        if (!DomainNames.TryNormalize(request.Line("domain"), out var domain, out var problem))
            return ActionResult.Refused(Page, DomainTexts.NotADomain(problem));
        if (reason.Length == 0) return ActionResult.Refused(Page, ShellTexts.ReasonMissing);

        return await request.Service<ProtectedNames>().RemoveAsync(domain, request.Viewer.Name, reason, request.Aborted)
            ? ActionResult.Done(Page, ProtectionTexts.NoLongerProtected)
            : ActionResult.Refused(Page, ProtectionTexts.NotAddedHere);
    }
}
