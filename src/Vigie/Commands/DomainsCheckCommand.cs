using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Vigie.Engine.Lookalikes;
using Vigie.Watches.Domains;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Commands;

/// <summary><c>vigie domains check</c>: looks the look-alikes of some domains up, now, and stores nothing.</summary>
internal static class DomainsCheckCommand
{
    private const int DefaultTop = 200;

    public static Command Create()
    {
        var options = new SettingsOptions();
        var domains = new Argument<string[]>("domain") { Description = "Domains whose look-alikes are looked up (default: protection.ownDomains).", Arity = ArgumentArity.ZeroOrMore };
        var top = new Option<int>("--top") { Description = "How many look-alikes of each, best first.", DefaultValueFactory = _ => DefaultTop, HelpName = "N" }.Within(1, 100_000);
        var servers = new Option<string[]>("--server") { Description = "DNS resolver to ask, ADDRESS or ADDRESS:PORT (default: domains.dns.servers, else /etc/resolv.conf).", HelpName = "ADDRESS" };
        var all = new Option<bool>("--all") { Description = "Print every look-alike, those too that are not registered or not known." };
        var json = new Option<bool>("--json") { Description = "Everything that was seen, as JSON." };
        var command = new Command("check", "Look up which look-alikes are registered and take mail. Asks your DNS resolver only; stores nothing.") { domains, top, servers, all, json };
        options.AddTo(command);
        command.SetAction((result, token) => RunAsync(
            result, options, new Request(result.GetValue(domains) ?? [], result.GetValue(top), result.GetValue(servers) ?? [], result.GetValue(all), result.GetValue(json)), token));
        return command.WithExamples(
            ("vigie domains check example.com", "The 200 best look-alikes of example.com: one registered domain a line. Exit code 1 when there is any."),
            ("vigie domains check example.com --top 2000 --json", "More of them, with name servers and mail hosts, for a program."),
            ("vigie domains check --server 192.0.2.53", "Those of your own domains, asking that resolver."));
    }

    private sealed record Request(IReadOnlyList<string> Domains, int Top, IReadOnlyList<string> Servers, bool All, bool Json);

    private static async Task<int> RunAsync(ParseResult result, SettingsOptions options, Request request, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (!TryReadDomains(request.Domains.Count > 0 ? request.Domains : settings.Protection.OwnDomains, error, out var domains)) return ExitCodes.Usage;
        if (!TryReadServers(request.Servers, error, out var servers)) return ExitCodes.Usage;

        var dnsOptions = (servers.Count > 0 ? settings.Domains.Dns with { Servers = servers } : settings.Domains.Dns).ToOptions();
        using var dns = new DnsClient(dnsOptions, TimeProvider.System);
        var inspector = new DomainInspector(dns, DomainsWatch.Probe(settings.Domains, TimeProvider.System));
        var own = LookalikeIndex.Build(settings.Protection.OwnDomains.Concat(domains).Select(domain => new ProtectedName(domain, ProtectedOrigin.Own, "command line")));
        var names = OwnLookalikes.Of(domains, request.Top, own.IsProtected);
        if (!await inspector.ResolversAnswerAsync(token))
        {
            await error.WriteLineAsync(dnsOptions.Servers.IsEmpty
                ? "No DNS resolver is known: give one with --server, or set domains.dns.servers."
                : $"No DNS resolver answers ({string.Join(", ", dnsOptions.Servers)}).");
            return ExitCodes.Failed;
        }

        using var bar = ProgressBar.On(error, $"{names.Count} look-alikes");
        var looks = await LookAsync(names, inspector, dnsOptions.Concurrency, bar, token);
        bar.Dispose();
        if (request.Json) await output.WriteLineAsync(ToJson(looks));
        else await PrintAsync(looks, request.All, output, error);
        if (looks.Any(look => look.Seen.Registration == Registration.Registered)) return ExitCodes.Found;
        // "None registered" must not be said where nothing was found out.
        return looks.All(look => look.Seen.Registration == Registration.Unknown) ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static async Task<IReadOnlyList<(WatchedName Name, Observation Seen)>> LookAsync(
        IReadOnlyList<WatchedName> names, DomainInspector inspector, int concurrency, ProgressBar bar, CancellationToken token)
    {
        var seen = new Observation[names.Count];
        var done = 0;
        await Parallel.ForAsync(0, names.Count, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = token }, async (i, ct) =>
        {
            seen[i] = await inspector.InspectAsync(names[i].Domain, ct);
            lock (seen) bar.Report(++done / (double)names.Count);
        });
        return [.. names.Zip(seen)];
    }

    private static async Task PrintAsync(IReadOnlyList<(WatchedName Name, Observation Seen)> looks, bool all, TextWriter output, TextWriter error)
    {
        foreach (var (name, seen) in looks.Where(look => all || look.Seen.Registration == Registration.Registered))
        {
            await output.WriteLineAsync(string.Join('\t', name.Domain, Word(seen), string.Join(',', seen.Exchanges)));
        }

        var registered = looks.Count(look => look.Seen.Registration == Registration.Registered);
        var unknown = looks.Count(look => look.Seen.Registration == Registration.Unknown);
        await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{looks.Count} look-alikes: {registered} registered, {unknown} unknown, the rest not in the DNS."));
    }

    private static string Word(Observation seen) => seen.Registration switch
    {
        Registration.Absent => "absent",
        Registration.Unknown => $"unknown:{seen.Failure}",
        _ => seen.Mail switch
        {
            MailPath.Exchange => seen.CatchAll == Observed.Yes ? "mx,catch-all" : "mx",
            MailPath.Address => "address",
            MailPath.NullMx => "null-mx",
            MailPath.None => "no-mail",
            _ => "mail-unknown",
        },
    };

    private static string ToJson(IReadOnlyList<(WatchedName Name, Observation Seen)> looks) => JsonSerializer.Serialize(
        looks.Select(look => new
        {
            look.Name.Domain,
            look.Name.Target,
            look.Name.Family,
            look.Name.Likelihood,
            look.Name.Resemblance,
            look.Seen.Registration,
            look.Seen.Failure,
            look.Seen.NameServers,
            look.Seen.Mail,
            look.Seen.Exchanges,
            look.Seen.WildcardDns,
            look.Seen.CatchAll,
        }),
        JsonOutput.Options);

    private static bool TryReadDomains(IReadOnlyList<string> texts, TextWriter error, out List<string> domains)
    {
        domains = [];
        foreach (var text in texts)
        {
            if (CandidateGenerator.ProblemOf(text) is { } problem)
            {
                error.WriteLine($"\"{text}\": {problem}");
                return false;
            }

            if (DomainNames.TryNormalize(text, out var domain, out _)) domains.Add(domain);
        }

        if (domains.Count == 0) error.WriteLine("No domain to look for: name one, or set protection.ownDomains.");
        return domains.Count > 0;
    }

    private static bool TryReadServers(IReadOnlyList<string> texts, TextWriter error, out List<IPEndPoint> servers)
    {
        servers = [];
        foreach (var text in texts)
        {
            if (!DnsSettings.TryParseServer(text, out var server))
            {
                error.WriteLine($"--server \"{text}\" must be an IP address, with a port where it is not 53");
                return false;
            }

            servers.Add(server);
        }

        return true;
    }
}
