using System.Globalization;
using Vigie.Console;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Pages;

/// <summary>The addresses of an incident and of what its page leads to.</summary>
internal static class CaseLinks
{
    public static string To(long incident, string rest = "") => string.Create(CultureInfo.InvariantCulture, $"{InboxPages.List}/{incident}{rest}");

    /// <summary>Where an entity leads; null where its name is too long for an address.</summary>
    public static string? To(Entity entity) => entity.Value.Length is > 0 and <= Query.MaxLength ? EntityPage.AddressOf(entity) : null;

    /// <summary>The findings of one rule of an incident, one by one.</summary>
    public static string To(long incident, string detector, string rule, string? after = null) => Query.Address(To(incident, "/findings"), ("detector", detector), ("rule", rule), ("after", after));

    /// <summary>The number as typed into an address, with or without its sign; null for anything else.</summary>
    public static long? Number(string text) => Query.Number(text.TrimStart('#')) is > 0 and var id ? id : null;
}
