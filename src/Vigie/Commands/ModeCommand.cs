using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine;
using Vigie.Governance;
using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Mail;

namespace Vigie.Commands;

/// <summary><c>vigie mode</c>: shows and switches how verdicts are applied. A running node follows within a second.</summary>
internal static class ModeCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var mode = new Argument<Mode?>("MODE") { Description = "observe, enforce or bypass; none shows the mode.", Arity = ArgumentArity.ZeroOrOne };
        var reason = new Option<string?>("--reason") { Description = "Why; goes into the journal. Needed to switch.", HelpName = "TEXT" };
        var duration = new Option<TimeSpan?>("--for")
        {
            Description = $"How long a bypass lasts, such as 30m or 4h (default 1h, at most {MailMode.MaxBypass.TotalDays:0}d).",
            HelpName = "TIME",
            CustomParser = argument =>
            {
                if (SettingsSection.TryParseDuration(argument.Tokens[0].Value, out var value) && value > TimeSpan.Zero && value <= MailMode.MaxBypass) return value;
                argument.AddError($"--for must be a length of time such as 30m or 4h, at most {MailMode.MaxBypass.TotalDays:0}d");
                return null;
            },
        };
        var json = new Option<bool>("--json") { Description = "The mode as JSON." };
        var command = new Command("mode", "Show or switch whether verdicts on mail are applied.") { mode, reason, duration, json };
        options.AddTo(command);
        command.SetAction((result, token) => RunAsync(result, options, result.GetValue(mode), result.GetValue(reason), result.GetValue(duration), result.GetValue(json), token));
        return command.WithExamples(
            ("vigie mode", "Show the mode and who switched it."),
            ("vigie mode enforce --reason \"two weeks observed, no false alarm\"", "Apply verdicts from now on."),
            ("vigie mode bypass --for 30m --reason \"director's travel mail is stuck\"", "Let everything through unchecked for half an hour."));
    }

    private static async Task<int> RunAsync(
        ParseResult result, SettingsOptions options, Mode? mode, string? reason, TimeSpan? duration, bool json, CancellationToken token)
    {
        var error = result.InvocationConfiguration.Error;
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        if (mode is not null && string.IsNullOrWhiteSpace(reason))
        {
            await error.WriteLineAsync("Switching the mode needs --reason \"...\": it goes into the journal.");
            return ExitCodes.Usage;
        }

        try
        {
            await using var store = await Store.Store.OpenAsync(settings.Store, TimeProvider.System, NullLoggerFactory.Instance, token);
            var current = new MailMode(store, new Journal(store, TimeProvider.System), TimeProvider.System, settings.Mail);
            await current.RefreshAsync(token);
            if (mode is { } wanted) await current.SetAsync(wanted, $"cli:{Environment.UserName}", reason!, duration, token);
            await PrintAsync(result.InvocationConfiguration.Output, current.State, json, Language.Of(result));
            return ExitCodes.Ok;
        }
        catch (StoreException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
    }

    private static async Task PrintAsync(TextWriter output, ModeState state, bool json, string language)
    {
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(state, JsonOutput.Options));
            return;
        }

        var words = state.Mode switch
        {
            Mode.Observe => new Bilingual("observe: everything is delivered; decisions say what would have happened", "observe : tout est remis ; les décisions disent ce qui serait arrivé"),
            Mode.Enforce => new Bilingual("enforce: verdicts are applied", "enforce : les verdicts sont appliqués"),
            _ => new Bilingual($"bypass until {state.BypassUntil:u}: nothing is judged", $"bypass jusqu'au {state.BypassUntil:u} : rien n'est jugé"),
        };
        await output.WriteLineAsync(words.In(language));
        if (state.ChangedAt is { } at)
            await output.WriteLineAsync(new Bilingual($"switched {at:u} by {state.ChangedBy}: {state.Reason}", $"commuté le {at:u} par {state.ChangedBy} : {state.Reason}").In(language));
    }
}
