using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>An entry of the navigation, contributed by the part that owns the page: <c>services.AddSingleton(new ConsolePage(…))</c>.</summary>
/// <param name="Path">Where it leads, such as <c>/held</c>; the page is current for this path and all below it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Permission">Who sees it; the page itself carries the same in <see cref="RequiresAttribute"/>.</param>
/// <param name="Order">Smaller comes first; overview is 0, administration starts at 100.</param>
/// <param name="Key">The letter that opens it after <c>g</c>; null for none.</param>
/// <param name="Count">How many things there wait for somebody; nothing is shown for 0.</param>
public sealed record ConsolePage(
    string Path,
    Bilingual Title,
    Permission Permission,
    int Order,
    char? Key = null,
    Func<IServiceProvider, CancellationToken, Task<int>>? Count = null);

/// <summary>A part of the overview, contributed by the watch that knows what to say; a component without parameters that may render nothing.</summary>
/// <param name="Component">The component's type.</param>
/// <param name="Permission">Who sees it.</param>
/// <param name="Order">Smaller comes first: up to 29 what needs somebody now, up to 59 the last day, from 60 how the sources and the node do.</param>
public sealed record OverviewPanel(Type Component, Permission Permission, int Order)
{
    /// <summary>The parts of the overview: what each is called, its mark in the page, and the orders in it.</summary>
    internal static readonly IReadOnlyList<(Bilingual Name, string Id, int From, int Until)> Parts =
    [
        (SourceTexts.Now, "now", int.MinValue, 30), (SourceTexts.LastDay, "day", 30, 60), (SourceTexts.SourcesAndHealth, "health", 60, int.MaxValue),
    ];
}

/// <summary>A line above every page, for a state that nobody may overlook; a component without parameters that may render nothing.</summary>
/// <param name="Component">The component's type.</param>
public sealed record ConsoleBanner(Type Component);

/// <summary>A part of a finding's page, contributed by the watch that found it; a component with one parameter, <c>Finding</c>.</summary>
/// <param name="Component">The component's type.</param>
/// <param name="Permission">Who sees it.</param>
/// <param name="Concerns">Whether it has something to say about a finding.</param>
public sealed record FindingPanel(Type Component, Permission Permission, Func<Engine.Findings.Finding, bool> Concerns);

/// <summary>A part of an incident's page, contributed by the part that knows what to say; a component with one parameter, <c>Incident</c>, that may render nothing.</summary>
/// <param name="Component">The component's type; what it renders is a section with the class <c>card</c>.</param>
/// <param name="Permission">Who sees it.</param>
/// <param name="Order">Smaller comes first; below 50 in the wide column under the ATT&amp;CK strip, from 50 on in the narrow one.</param>
public sealed record IncidentPanel(Type Component, Permission Permission, int Order);

/// <summary>A part of the page of a rule of any watch; a component with two parameters, <c>Detector</c> and <c>Rule</c>.</summary>
/// <param name="Component">The component's type.</param>
/// <param name="Permission">Who sees it.</param>
/// <param name="Order">Smaller comes first.</param>
public sealed record RulePanel(Type Component, Permission Permission, int Order);

/// <summary>Where the rules of a detector have their pages, contributed by the watch that has some.</summary>
/// <param name="Detector">The detector's id.</param>
/// <param name="Of">The address of a rule.</param>
public sealed record RuleAddress(string Detector, Func<string, string> Of);
