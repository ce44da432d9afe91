using Microsoft.AspNetCore.Components;
using Vigie.Console;
using Vigie.Incidents.Case;

namespace Vigie.Incidents.Pages;

/// <summary>A page of one incident, whose number is in the address.</summary>
public abstract class CasePage : PageBase
{
    /// <summary>Reads incidents.</summary>
    [Inject]
    public required IncidentCases Cases { get; init; }

    /// <summary>Leads on from an incident that was merged.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The number as it was typed.</summary>
    [Parameter]
    public string Number { get; set; } = "";

    /// <summary>
    /// The incident of the address. Null where the answer is settled without it: there is none, or it is part of another one now,
    /// to which the visitor is led.
    /// </summary>
    /// <param name="there">The address of this page for the other one's number.</param>
    protected async Task<Incident?> FindAsync(Func<long, string> there)
    {
        var id = CaseLinks.Number(Number);
        var incident = id is { } asked ? await Cases.ResolveAsync(asked, Aborted) : null;
        if (incident is null)
        {
            Answer(StatusCodes.Status404NotFound);
            return null;
        }

        if (incident.Id == id) return incident;
        Navigation.NavigateTo(there(incident.Id));
        return null;
    }
}
