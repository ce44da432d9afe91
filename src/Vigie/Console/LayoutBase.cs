using Microsoft.AspNetCore.Components;

namespace Vigie.Console;

/// <summary>A layout with what pages have at hand.</summary>
public abstract class LayoutBase : PageBase
{
    [Parameter]
    public RenderFragment? Body { get; set; }
}

/// <summary>One line of the navigation as this visitor sees it.</summary>
public sealed record NavEntry(ConsolePage Page, int Count, bool IsCurrent);
