using System.Buffers.Text;
using System.Security.Cryptography;

namespace Vigie.Watches.Logs.Pages.Explaining;

/// <summary>
/// Events that people paste to try a rule on: kept in memory between the form and the page that answers it, each for the one
/// who pasted it, for ten minutes. Events hold names and commands of colleagues, so they go into no address and no store.
/// </summary>
internal sealed class PastedEvents(TimeProvider time)
{
    /// <summary>The longest text that is kept.</summary>
    public const int MaxLength = 60_000;

    private const int Most = 64;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    /// <summary>Keeps a text; the answer finds it again.</summary>
    public string Keep(string account, string text)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        lock (_lock)
        {
            Forget();
            if (_entries.Count == Most) _entries.RemoveAt(0);
            _entries.Add(new Entry(token, account, text.Length <= MaxLength ? text : text[..MaxLength], time.GetUtcNow()));
        }

        return token;
    }

    /// <summary>The text, for the one who pasted it; null where it is no longer there.</summary>
    public string? Find(string account, string token)
    {
        lock (_lock)
        {
            Forget();
            return _entries.Find(entry => entry.Token == token && entry.Account == account)?.Text;
        }
    }

    private void Forget() => _entries.RemoveAll(entry => time.GetUtcNow() - entry.At > Kept);

    private sealed record Entry(string Token, string Account, string Text, DateTimeOffset At);
}
