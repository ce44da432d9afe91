using Vigie.Governance;
using Vigie.Operations;

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
        services.AddStage<LateProtectedNamesLoading>();
        return services;
    }

    // Before any watch listens: a name an operator guards is guarded from the first message on.
    private sealed class ProtectedNamesLoading(Store.Store store, ProtectedNames names) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => store.IsOpen ? names.ReloadAsync(cancellationToken) : Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    // A node whose store cannot be opened starts all the same, to say so; the names follow when the store does.
    private sealed class LateProtectedNamesLoading(Store.Store store, ProtectedNames names) : IStage
    {
        private readonly bool _loaded = store.IsOpen;

        public string Name => "protection.names";

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            if (_loaded) return;
            await store.WhenOpenAsync(cancellationToken);
            await names.ReloadAsync(cancellationToken);
        }
    }
}
