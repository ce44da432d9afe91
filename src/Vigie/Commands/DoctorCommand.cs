using System.CommandLine;
using System.Text.Json;
using Vigie.Operations;
using Vigie.Operations.Doctor;
using Vigie.Watches.Logs;
using Vigie.Watches.Mail.Wiring;

namespace Vigie.Commands;

/// <summary><c>vigie doctor</c>: looks at everything around the node and says what to do. Changes nothing.</summary>
internal static class DoctorCommand
{
    private static readonly IDoctorCheck[] Checks = [new SettingsCheck(), new StoreCheck(), new ClockCheck(), new NodeCheck(), new MilterCheck(), new QueueCheck(), new PostfixCheck(), new LogsCheck()];

    public static Command Create()
    {
        var options = new SettingsOptions();
        var json = new Option<bool>("--json") { Description = "Everything as one JSON object." };
        var postfix = new Option<string?>("--postfix") { Description = "Postfix's configuration folder (default: the machine's own).", HelpName = "FOLDER" };
        var only = new Option<string[]>("--only") { Description = $"Only these parts: {string.Join(", ", Checks.Select(c => c.Name))}.", AllowMultipleArgumentsPerToken = true, HelpName = "PART" };
        only.AcceptOnlyFromAmong([.. Checks.Select(c => c.Name)]);
        var command = new Command("doctor", "Check Postfix's wiring, sockets, store, clock and settings, and print what main.cf lacks.") { json, postfix, only };
        options.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            var file = options.FileOf(result);
            var settings = Settings.Load(file, result.GetValue(options.Data), out var problems);
            var patient = new Patient(settings, file, problems, result.GetValue(postfix), TimeProvider.System);
            var report = await ExamineAsync(patient, result.GetValue(only) ?? [], token);
            if (result.GetValue(json)) await result.InvocationConfiguration.Output.WriteLineAsync(ToJson(report, Language.Of(result)));
            else await WriteAsync(result.InvocationConfiguration.Output, report, Language.Of(result));
            return report.Diagnoses.Any(d => d.Status == DiagnosisStatus.Fail) ? ExitCodes.Found : ExitCodes.Ok;
        });
        return command.WithExamples(
            ("sudo vigie doctor", "Look at everything; exit code 1 when something does not work."),
            ("vigie doctor --only postfix --postfix /etc/postfix-out", "Look at the wiring of another Postfix instance."),
            ("vigie doctor --json | jq '.diagnoses[] | select(.status != \"ok\")'", "What needs attention, for a monitoring program."));
    }

    private static async Task<Report> ExamineAsync(Patient patient, string[] only, CancellationToken token)
    {
        List<Diagnosis> diagnoses = [];
        foreach (var check in Checks.Where(c => only.Length == 0 || only.Contains(c.Name, StringComparer.Ordinal)))
            await foreach (var diagnosis in check.LookAsync(patient, token)) diagnoses.Add(diagnosis);

        var wiring = only.Length == 0 || only.Contains("postfix", StringComparer.Ordinal) ? await PostfixCheck.ReadAsync(patient.PostfixConfig, token) ?? Bare : null;
        return new Report(diagnoses, wiring?.MissingLines(patient.Settings.Mail) ?? []);
    }

    /// <summary>A Postfix nobody has configured: what it would lack is what a guide prints.</summary>
    private static PostfixWiring Bare => new(new Dictionary<string, string>(), new Dictionary<string, string>(), new HashSet<string>());

    private static async Task WriteAsync(TextWriter output, Report report, string language)
    {
        var width = report.Diagnoses.Max(d => d.Name.Length);
        foreach (var d in report.Diagnoses)
        {
            await output.WriteLineAsync($"{Word(d.Status),-5} {d.Name.PadRight(width)}  {d.Text.In(language)}");
            if (d.Remedy is { } remedy) await output.WriteLineAsync($"{new string(' ', 6 + width)}  → {remedy.In(language)}");
        }

        if (report.MainCf.Count == 0) return;
        await output.WriteLineAsync(language == "fr"
            ? "\nÀ mettre dans main.cf (ou : postconf -e 'ligne'), puis « postfix reload » :"
            : "\nPut into main.cf (or: postconf -e 'line'), then \"postfix reload\":");
        foreach (var line in report.MainCf) await output.WriteLineAsync("    " + line);
    }

    private static string ToJson(Report report, string language) => JsonSerializer.Serialize(
        new
        {
            diagnoses = report.Diagnoses.Select(d => new { name = d.Name, status = Word(d.Status), text = d.Text.In(language), remedy = d.Remedy?.In(language) }),
            mainCf = report.MainCf,
        },
        JsonOutput.Options);

    private static string Word(DiagnosisStatus status) => status switch
    {
        DiagnosisStatus.Ok => "ok",
        DiagnosisStatus.Warn => "warn",
        _ => "fail",
    };

    private sealed record Report(IReadOnlyList<Diagnosis> Diagnoses, IReadOnlyList<string> MainCf);
}
