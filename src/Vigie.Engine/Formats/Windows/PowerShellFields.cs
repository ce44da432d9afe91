using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>The <c>name=value</c> lines that PowerShell writes into the text of its events, as fields.</summary>
internal static class PowerShellFields
{
    private static readonly string[] Context =
    [
        "HostName", "HostVersion", "HostId", "HostApplication", "EngineVersion", "RunspaceId", "PipelineId",
        "CommandName", "CommandType", "ScriptName", "CommandPath", "SequenceNumber",
    ];

    /// <summary>Events 400, 403, 600 and 800 of the channel <c>Windows PowerShell</c>: lines such as <c>HostApplication=powershell.exe</c>.</summary>
    public static ImmutableArray<Derivation> Classic { get; } = [.. Context.Concat(["CommandLine", "UserId", "NewEngineState", "PreviousEngineState", "ProviderName", "NewProviderState"]).Select(name => Field(name, "Data", name))];

    /// <summary>Event 4103: lines such as <c>Host Application = powershell.exe</c>, in <c>ContextInfo</c> or, where forwarders dropped that, in the message.</summary>
    public static ImmutableArray<Derivation> Module { get; } =
    [
        .. Context.Select(name => Field(name, "ContextInfo", Spaced(name))),
        .. Context.Select(name => Field(name, "Message", Spaced(name))),
        Field("ConnectedUser", "ContextInfo", "Connected User"),
        Field("ShellID", "ContextInfo", "Shell ID"),
        Field("User", "ContextInfo", "User"),
    ];

    private static Derivation Field(string target, string source, string label)
    {
        var wanted = Encoding.ASCII.GetBytes(label);
        return new Derivation(target, [source], (record, slot, sources) => AddLine(record, slot, sources[0], wanted));
    }

    // "HostApplication" is written "Host Application", "HostId" "Host ID".
    private static string Spaced(string name) =>
        name.EndsWith("Id", StringComparison.Ordinal) ? $"{name[..^2]} ID" : string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {c}" : $"{c}"));

    private static void AddLine(EventRecord record, int target, int source, ReadOnlySpan<byte> label)
    {
        for (var field = source; field >= 0; field = record.Next(field))
        {
            if (!TryFindLine(record.Value(field), label, out var value)) continue;
            record.AddDerived(target, FieldKind.String, value);
            return;
        }
    }

    private static bool TryFindLine(ReadOnlySpan<byte> text, ReadOnlySpan<byte> label, out ReadOnlySpan<byte> value)
    {
        value = default;
        for (var from = 0; text[from..].IndexOf(label) is >= 0 and var at; from += at + label.Length)
        {
            var start = from + at;
            if (text[..start].TrimEnd(" \t"u8) is { IsEmpty: false } before && before[^1] != '\n') continue;
            var rest = text[(start + label.Length)..].TrimStart((byte)' ');
            if (rest.IsEmpty || rest[0] != '=') continue;
            rest = rest[1..];
            var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            value = (end < 0 ? rest : rest[..end]).Trim(" \t"u8);
            return true;
        }

        return false;
    }
}
