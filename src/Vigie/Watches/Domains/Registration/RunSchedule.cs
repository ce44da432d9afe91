using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Watches.Domains.Registration;

/// <summary>
/// When runs start: an interval after the one before, and a little later, differently each time and on each node, but
/// the same when computed again.
/// </summary>
internal sealed record RunSchedule(TimeSpan Interval, TimeSpan Jitter, string Seed)
{
    /// <summary>The start of the run after the one that started at <paramref name="last"/>.</summary>
    public DateTimeOffset Next(DateTimeOffset last) => last + Interval + Jitter * Fraction(last);

    private double Fraction(DateTimeOffset last)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}\n{last.ToUnixTimeMilliseconds()}"));
        return BinaryPrimitives.ReadUInt32BigEndian(hash) / (uint.MaxValue + 1.0);
    }
}
