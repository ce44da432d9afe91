using Vigie.Governance;

namespace Vigie.Protection;

/// <summary>Puts the guarded names and their judge together; after the store, before the watches that ask them.</summary>
internal static class ProtectionModule
{
    public static IServiceCollection AddProtection(this IServiceCollection services, ProtectionSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(provider => new ProtectedNameTable(
            provider.GetRequiredService<Store.Store>(), provider.GetRequiredService<Journal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ProtectedNames(settings, provider.GetRequiredService<ProtectedNameTable>()));
        services.AddSingleton(provider => new ImitationJudge(provider.GetRequiredService<ProtectedNames>(), settings.Strictness));
        services.AddHostedService<ProtectedNamesLoading>();
        return services;
    }

    // Before any watch listens: a name an operator guards is guarded from the first message on.
    private sealed class ProtectedNamesLoading(ProtectedNames names) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => names.ReloadAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
