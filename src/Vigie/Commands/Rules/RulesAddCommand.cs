using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules add</c>: takes in a set of rules that others publish.</summary>
internal static partial class RulesAddCommand
{
    /// <summary>The file within a set that says where it came from.</summary>
    public const string OriginFile = "origin.json";

    public static Command Create()
    {
        var options = new SettingsOptions();
        var source = new Argument<string>("PATH|URL") { Description = "A folder, a zip (such as a release of SigmaHQ), one rule file, or an https address of such a zip." };
        var name = new Option<string?>("--name") { Description = "What the set is called; a set of the same name is replaced (default: from the path).", HelpName = "NAME" };
        var hash = new Option<string?>("--sha256") { Description = "Refuse it unless it has this SHA-256.", HelpName = "HEX" };
        var command = new Command("add", "Take a set of rules into the data folder: checked first, then put in place in one step. The network is used only for an address.") { source, name, hash };
        options.AddTo(command);
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !SetName().IsMatch(token.Value)) result.AddError("--name: letters, digits, dots and hyphens, beginning with a letter or digit.");
        });
        command.SetAction((result, token) => RunAsync(result, options, result.GetValue(source)!, result.GetValue(name), result.GetValue(hash), token));
        return command.WithExamples(
            ("vigie rules add sigma_all_rules.zip", "A release that was downloaded before; nothing is asked of the network."),
            ("vigie rules add https://example.org/sigma_core.zip --name sigma --sha256 9f2c…", "Fetched, and refused unless it is what was reviewed."));
    }

    private static async Task<int> RunAsync(ParseResult result, SettingsOptions options, string source, string? name, string? hash, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var error = result.InvocationConfiguration.Error;
        var address = RuleDownload.IsAddress(source) ? new Uri(source) : null;
        if (address is { Scheme: "http" } && hash is null)
        {
            await error.WriteLineAsync($"{source}: without TLS anybody on the way can change it; use https, or name the expected --sha256.");
            return ExitCodes.Usage;
        }

        if (address is null && !File.Exists(source) && !Directory.Exists(source))
        {
            await error.WriteLineAsync($"{source}: there is no such file or folder.");
            return ExitCodes.Failed;
        }

        var sets = Path.Combine(settings.DataDirectory, "rules");
        Directory.CreateDirectory(sets);
        // Beside the place it will have, so that putting it there is a rename.
        var work = Path.Combine(sets, $".adding-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            return await AddAsync(result, new Request(source, address, name ?? NameOf(source), hash), sets, work, token);
        }
        catch (RuleArchiveException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
        finally
        {
            if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<int> AddAsync(ParseResult result, Request request, string sets, string work, CancellationToken token)
    {
        var (output, error, language) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, Language.Of(result));
        var file = request.Source;
        if (request.Address is { } address)
        {
            file = Path.Combine(work, "download");
            using var bar = ProgressBar.On(error, address.Host);
            await RuleDownload.FetchAsync(address, file, bar, token);
        }

        var sha256 = RuleArchive.Sha256(file);
        if (request.Sha256 is { } expected && !string.Equals(expected, sha256, StringComparison.OrdinalIgnoreCase))
            throw new RuleArchiveException($"{request.Source}: its SHA-256 is {sha256}, not {expected}");
        var set = Path.Combine(work, "set");
        Directory.CreateDirectory(set);
        RuleArchive.Unpack(file, set, token);
        var (rules, problems) = Check(set, token);
        foreach (var problem in problems) await error.WriteLineAsync(RuleProblemLine.Of(problem, language));
        if (rules == 0) throw new RuleArchiveException($"{request.Source}: no rule in it can be used");

        var failed = problems.Select(problem => problem.File).Distinct(StringComparer.Ordinal).Count();
        var origin = new { source = request.Source, sha256, added = DateTimeOffset.UtcNow, rules, filesWithProblems = failed };
        await File.WriteAllTextAsync(Path.Combine(set, OriginFile), JsonSerializer.Serialize(origin, JsonOutput.Options), token);
        FolderExchange.Put(set, Path.Combine(sets, request.Name));
        string N(int number) => number.ToString("N0", CultureInfo.GetCultureInfo(language));
        await output.WriteLineAsync(new Bilingual(
            $"{N(rules)} rules are in {Path.Combine(sets, request.Name)}; {N(failed)} files have problems. SHA-256 {sha256}.",
            $"{N(rules)} règles sont dans {Path.Combine(sets, request.Name)} ; {N(failed)} fichiers ont des problèmes. SHA-256 {sha256}.").In(language));
        return ExitCodes.Ok;
    }

    // Names of files relative to the set: that is how the set will be seen wherever it lies.
    private static (int Rules, List<SigmaProblem> Problems) Check(string set, CancellationToken token)
    {
        var (rules, problems) = (0, new List<SigmaProblem>());
        foreach (var path in RuleFiles.Find([set], (path, why) => throw new IOException($"{path}: {why}")).Select(file => file.Path))
        {
            token.ThrowIfCancellationRequested();
            var documents = SigmaReader.Read(File.ReadAllText(path), Path.GetRelativePath(set, path));
            rules += documents.Rules.Length + documents.Correlations.Length;
            problems.AddRange(documents.Problems.Where(problem => problem.IsError));
        }

        return (rules, problems);
    }

    private static string NameOf(string source)
    {
        var last = Path.GetFileNameWithoutExtension(source.TrimEnd('/').Split('/')[^1]);
        var name = NotInName().Replace(last, "-").Trim('-', '.');
        return name.Length == 0 ? "rules" : name;
    }

    private sealed record Request(string Source, Uri? Address, string Name, string? Sha256);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex SetName();

    [GeneratedRegex(@"[^A-Za-z0-9._-]+")]
    private static partial Regex NotInName();
}
