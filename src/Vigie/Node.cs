using Vigie.Operations;

namespace Vigie;

/// <summary>The running node: one process with the store, the watches and the console.</summary>
internal static class Node
{
    /// <summary>Builds the node from validated settings; nothing listens before it is started.</summary>
    public static WebApplication Build(Settings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "vigie" });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);

        // The order of the diagram: store, what is protected, watches, console. Each part has one Add and one Map.

        var app = builder.Build();
        return app;
    }
}
