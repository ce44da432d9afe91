using Vigie.Commands;

// What waits for a socket goes on where the kernel reported it instead of waking another thread: a third of what a message
// costs a mail server beside us. Nothing may block there: Store.ReadAsync leaves that thread before it touches a file.
// Read by the runtime when the first socket is made; a value that was set outside stays.
const string inlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
if (Environment.GetEnvironmentVariable(inlineCompletions) is null) Environment.SetEnvironmentVariable(inlineCompletions, "1");

return await VigieCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
