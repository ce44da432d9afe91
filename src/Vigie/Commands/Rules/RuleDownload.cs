using System.Globalization;
using System.Net;

namespace Vigie.Commands.Rules;

/// <summary>Fetches a set of rules over HTTPS into a file. The one place of the command line that asks for rules outside, and only when told to.</summary>
internal static class RuleDownload
{
    /// <summary>The most bytes a download may have.</summary>
    public const long MaxBytes = 128L * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Whether the text is an address rather than a path.</summary>
    public static bool IsAddress(string source) =>
        source.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Fetches it.</summary>
    /// <exception cref="RuleArchiveException">It is not to be had, or too large.</exception>
    public static async Task FetchAsync(Uri address, string file, IProgress<double> progress, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, MaxAutomaticRedirections = 5 };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("vigie");
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            if (!response.IsSuccessStatusCode) throw new RuleArchiveException(string.Create(CultureInfo.InvariantCulture, $"{address}: answered {(int)response.StatusCode}"));
            var expected = response.Content.Headers.ContentLength;
            if (expected > MaxBytes) throw new RuleArchiveException($"{address}: more than {MaxBytes / 1024 / 1024} MiB");
            await using var content = await response.Content.ReadAsStreamAsync(limited.Token);
            await using var target = File.Create(file);
            await CopyAsync(content, target, address, expected, progress, limited.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RuleArchiveException($"{address}: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RuleArchiveException($"{address}: not finished within {Patience.TotalMinutes:0} minutes");
        }
    }

    private static async Task CopyAsync(Stream content, Stream target, Uri address, long? expected, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var length = 0L;
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            length += read;
            if (length > MaxBytes) throw new RuleArchiveException($"{address}: more than {MaxBytes / 1024 / 1024} MiB");
            if (expected is { } all) progress.Report((double)length / all);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
