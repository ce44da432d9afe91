using Vigie.Console;
using Vigie.Governance;

namespace Vigie.Protection.Pages;

/// <summary>The pages about protected names and their look-alikes.</summary>
internal static class ProtectionPages
{
    public static IServiceCollection AddProtectionPages(this IServiceCollection services)
    {
        services.AddSingleton(new ConsolePage("/explore", ProtectionTexts.Explorer, Permission.ExploreLookalikes, 30, 'l'));
        services.AddSingleton(new ConsolePage("/protected", ProtectionTexts.ProtectedDomains, Permission.ReadProtectedNames, 40, 'p'));
        foreach (var act in ProtectionTexts.JournalActs) services.AddSingleton(act);
        return services;
    }

    public static void MapProtectionPages(this IEndpointRouteBuilder routes)
    {
        routes.MapAction("/protected/add", Permission.ChangeProtectedNames, ProtectionActions.AddAsync);
        routes.MapAction("/protected/remove", Permission.ChangeProtectedNames, ProtectionActions.RemoveAsync);
    }
}
