using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Commands;

/// <summary><c>vigie queue-helper</c> (hidden): the narrow root helper that systemd starts for one connection.</summary>
internal static class QueueHelperCommand
{
    public static Command Create()
    {
        var allow = new Option<string>("--allow") { Description = "User that is served (name or number); root always is.", Required = true, HelpName = "USER" };
        var config = new Option<string?>("--config") { Description = "Postfix's configuration folder (default: the machine's own).", HelpName = "FOLDER" };
        var listen = new Option<string?>("--listen") { Description = "Listen on this socket, where there is no systemd (default: serve the connection on standard input, then end).", HelpName = "SOCKET" };
        var command = new Command("queue-helper", "Act on Postfix's hold queue for the node; runs as root.") { allow, config, listen };
        command.Hidden = true;
        command.SetAction((result, token) => RunAsync(result, result.GetRequiredValue(allow), result.GetValue(config), result.GetValue(listen), token));
        return command.WithExamples(("vigie queue-helper --allow vigie --listen /run/vigie-queue.sock", "Serve the user vigie on a machine without systemd."));
    }

    private static async Task<int> RunAsync(ParseResult result, string allow, string? config, string? listen, CancellationToken token)
    {
        if (UserNumber(allow) is not { } user)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync($"--allow: there is no user \"{allow}\"");
            return ExitCodes.Usage;
        }

        var helper = new QueueHelper(new PostfixPrograms(config), user);
        if (listen is not null)
        {
            await helper.ListenAsync(listen, token);
            return ExitCodes.Ok;
        }

        // systemd.socket(5), Accept=yes with StandardInput=socket: descriptor 0 is the connection.
        using var handle = new SafeSocketHandle(0, ownsHandle: false);
        await helper.ServeAsync(new Socket(handle), token);
        return ExitCodes.Ok;
    }

    // System users are local; passwd(5): name:password:uid:…
    internal static uint? UserNumber(string user)
    {
        if (uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length > 2 && fields[0] == user && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out number)) return number;
        }

        return null;
    }
}
