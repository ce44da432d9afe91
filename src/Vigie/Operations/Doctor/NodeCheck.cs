using System.Runtime.CompilerServices;
using System.Text.Json;
using Vigie.Engine;

namespace Vigie.Operations.Doctor;

/// <summary>The running node: whether it is ready, and if not, which part says so.</summary>
internal sealed class NodeCheck : IDoctorCheck
{
    /// <summary>What to do where no node answers.</summary>
    public static readonly Bilingual Start = new("Start it: systemctl start vigie, or vigie up.", "Démarrez-le : systemctl start vigie, ou vigie up.");

    public string Name => "node";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var endpoints = NodeEndpoints.Read(patient.Settings.DataDirectory);
        yield return await ReadyAsync(patient, endpoints, cancellationToken);
    }

    private static async Task<Diagnosis> ReadyAsync(Patient patient, IReadOnlyDictionary<string, string[]> endpoints, CancellationToken cancellationToken)
    {
        var console = endpoints.TryGetValue("console", out var announced) ? announced[0] : null;
        if (console is null)
        {
            return Diagnosis.Fail("node.ready",
                new Bilingual($"no node runs with the data folder {patient.Settings.DataDirectory}", $"aucun nœud ne tourne avec le dossier de données {patient.Settings.DataDirectory}"), Start);
        }

        try
        {
            // A node of this machine with its own certificate is known by its data folder, not by a name.
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
            using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
            using var answer = await client.GetAsync(new Uri(new Uri(Reachable(console)), "readyz?format=json"), cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode) return Diagnosis.Ok("node.ready", $"{console} is ready", $"{console} est prêt");
            return Diagnosis.Fail("node.ready",
                new Bilingual($"{console} is not ready: {Reasons(text)}", $"{console} n'est pas prêt : {Reasons(text)}"),
                new Bilingual("The reasons name the part; its log lines say more.", "Les raisons nomment la partie ; ses lignes de journal en disent plus."));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Diagnosis.Fail("node.ready", new Bilingual($"{console} does not answer: {e.Message}", $"{console} ne répond pas : {e.Message}"), Start);
        }
    }

    // "http://[::]:8464" means every address; this machine's own is one of them.
    private static string Reachable(string address) =>
        address.Replace("://[::]:", "://[::1]:", StringComparison.Ordinal).Replace("://0.0.0.0:", "://127.0.0.1:", StringComparison.Ordinal);

    private static string Reasons(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return string.Join("; ", document.RootElement.GetProperty("parts").EnumerateArray()
                .Where(part => part.GetProperty("status").GetString() != "healthy")
                .Select(part => $"{part.GetProperty("name").GetString()}: {part.GetProperty("reason").GetString()}"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return json.Trim();
        }
    }
}
