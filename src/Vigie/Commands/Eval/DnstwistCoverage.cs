using System.ComponentModel;
using System.Diagnostics;
using Vigie.Engine.Lookalikes;

namespace Vigie.Commands.Eval;

/// <summary>What dnstwist makes of one name and we do not.</summary>
/// <param name="Domain">The name.</param>
/// <param name="Theirs">How many dnstwist makes with its default settings.</param>
/// <param name="Made">How many of those we make.</param>
/// <param name="Missing">The others, each with the reason.</param>
internal sealed record DnstwistRow(string Domain, int Theirs, int Made, IReadOnlyList<(string Name, string Reason)> Missing);

/// <summary>The comparison with dnstwist.</summary>
/// <param name="Available">False where dnstwist is not installed: nothing was compared.</param>
/// <param name="Rows">One for each name.</param>
internal sealed record DnstwistFigure(bool Available, IReadOnlyList<DnstwistRow> Rows)
{
    /// <summary>The share of dnstwist's names that we make, over all rows.</summary>
    public double Share => Rows.Sum(row => row.Theirs) is > 0 and var all ? Rows.Sum(row => row.Made) / (double)all : 0;
}

/// <summary>Runs the installed dnstwist, which looks nothing up for a plain list, and compares.</summary>
internal static class DnstwistCoverage
{
    private static readonly string[] Domains = ["army.mil", "us.af.mil", "example.com", "bnda.ml", "sante.gov.ml"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static DnstwistFigure Measure(TextWriter progress, CancellationToken ct) => Measure(Domains, progress, ct);

    /// <summary>The same for other names.</summary>
    public static DnstwistFigure Measure(IReadOnlyList<string> domains, TextWriter progress, CancellationToken ct)
    {
        var generator = new CandidateGenerator();
        var rows = new List<DnstwistRow>();
        foreach (var domain in domains)
        {
            ct.ThrowIfCancellationRequested();
            progress.WriteLine($"Comparing with dnstwist on {domain}…");
            if (Theirs(domain, ct) is not { } theirs) return new DnstwistFigure(false, []);
            var ours = generator.Rank(domain).Select(candidate => candidate.Domain).ToHashSet(StringComparer.Ordinal);
            var missing = theirs.Where(name => !ours.Contains(name)).Select(name => (name, Reason(domain, name))).ToList();
            rows.Add(new DnstwistRow(domain, theirs.Count, theirs.Count - missing.Count, missing));
        }

        return new DnstwistFigure(true, rows);
    }

    private static List<string>? Theirs(string domain, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dnstwist", ["-f", "list", domain]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
            if (process is null) return null;
            process.StandardInput.Close();
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            using var end = limit.Token.Register(() => process.Kill(entireProcessTree: true));
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            ct.ThrowIfCancellationRequested();
            if (process.ExitCode != 0) return null;
            return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(name => name != domain).Distinct(StringComparer.Ordinal)];
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string Reason(string domain, string name)
    {
        if (DomainNames.ProblemOf(name) is { } problem) return "no domain name: " + problem.English;
        if (PublicSuffixes.Default.TrySplit(domain, out var own) && PublicSuffixes.Default.TrySplit(name, out var other) && own.Registrable == other.Registrable)
            return $"lies within {own.Registrable}: its owner's own";
        return "not made by any of our families";
    }
}
