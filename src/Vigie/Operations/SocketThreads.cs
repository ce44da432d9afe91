using Vigie.Store;

namespace Vigie.Operations;

/// <summary>On which thread what waited for a socket goes on.</summary>
internal static class SocketThreads
{
    /// <summary>What the runtime reads, in the environment of the process.</summary>
    public const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// With the embedded store, where the kernel reported it, instead of waking another thread: a third of what a message costs a mail
    /// server beside us. Nothing may block there: <see cref="Store.Store.ReadAsync"/> leaves that thread before it touches a file. With
    /// PostgreSQL never, whatever was set outside, for its own connections are such sockets: whoever read from one would wait for himself.
    /// Before the first socket is made, for the runtime looks once; beside the embedded store a value that was set outside stays.
    /// </summary>
    public static void Choose(StoreSettings store)
    {
        if (store.PostgreSql is not null) Environment.SetEnvironmentVariable(Inline, "0");
        else if (Environment.GetEnvironmentVariable(Inline) is null) Environment.SetEnvironmentVariable(Inline, "1");
    }
}
