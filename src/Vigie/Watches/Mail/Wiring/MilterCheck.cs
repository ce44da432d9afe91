using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Vigie.Engine;
using Vigie.Operations;
using Vigie.Operations.Doctor;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Watches.Mail.Wiring;

/// <summary>Whether each address of the milter answers a negotiation, as Postfix would begin it.</summary>
internal sealed class MilterCheck : IDoctorCheck
{
    public string Name => "milter";

    public async IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var address in Addresses(patient.Settings, NodeEndpoints.Read(patient.Settings.DataDirectory)))
            yield return await NegotiateAsync(address, cancellationToken);
    }

    /// <summary>Where the milter listens: what the running node wrote, else what the settings say.</summary>
    private static IReadOnlyList<string> Addresses(Settings settings, IReadOnlyDictionary<string, string[]> endpoints)
    {
        if (endpoints.TryGetValue("milter", out var announced)) return announced;
        var milter = settings.Mail.Milter;
        List<string> addresses = [];
        if (milter.Tcp is { } tcp) addresses.Add($"inet:{tcp}");
        if (milter.UnixPath is { } path) addresses.Add($"unix:{path}");
        return addresses;
    }

    private static async Task<Diagnosis> NegotiateAsync(string address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await using var milter = await MilterClient.ConnectAsync(address, limit.Token);
            var version = await milter.NegotiateAsync(limit.Token);
            return Diagnosis.Ok("milter.answers", $"{address} answers (protocol {version})", $"{address} répond (protocole {version})");
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var why = Why(e, address);
            return Diagnosis.Fail("milter.answers", new Bilingual($"{address} does not answer as a milter: {why}", $"{address} ne répond pas comme un milter : {why}"), NodeCheck.Start);
        }
    }

    private static string Why(Exception e, string address) => e switch
    {
        OperationCanceledException => "5 s",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } when address.StartsWith("unix:", StringComparison.Ordinal) => "there is no such socket",
        _ => e.Message,
    };
}
