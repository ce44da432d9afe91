using System.Buffers.Binary;
using System.Globalization;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>
/// Mutated conversations: whatever arrives, the conversation ends by itself, without a fault of ours, and answers in
/// whole packets. Seeds are kept in <c>milter-seeds.txt</c> (one hexadecimal stream a line; add those of faults found).
/// <c>VIGIE_FUZZ_SECONDS=3600</c> runs it long, from a random start that a failure names.
/// </summary>
public sealed class MilterFuzzTests
{
    private const int ShortRuns = 4_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly MilterSettings Settings = new() { Limits = new MilterLimits { PacketBytes = 65_535, Recipients = 20, Headers = 20, HeaderBytes = 4_000, BodyBytes = 50_000, Messages = 50 } };

    [Fact]
    public async Task No_stream_of_bytes_breaks_the_conversation()
    {
        var seeds = (await File.ReadAllLinesAsync(SeedFile, Token)).Where(line => line.Length > 0 && line[0] != '#').Select(Convert.FromHexString).ToArray();
        Assert.NotEmpty(seeds);
        foreach (var seed in seeds) await RunAsync(seed, "a kept seed");

        var seconds = double.Parse(Environment.GetEnvironmentVariable("VIGIE_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var first = seconds > 0 ? Random.Shared.Next() : 1;
        var started = TimeProvider.System.GetTimestamp();
        var longest = 0L;
        for (var run = 0; run < ShortRuns || TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds; run++)
        {
            var random = new Random(unchecked(first + run));
            var before = GC.GetAllocatedBytesForCurrentThread();
            await RunAsync(Mutate(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random), $"seed {unchecked(first + run)}");
            longest = Math.Max(longest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // A conversation of at most 200 kB must not make us allocate without bound.
        Assert.True(longest < 64_000_000, $"a conversation allocated {longest} bytes");
    }

    private static string SeedFile => Path.Combine(AppContext.BaseDirectory, "Watches", "Mail", "Milter", "milter-seeds.txt");

    private static async Task RunAsync(byte[] stream, string origin)
    {
        var script = new ScriptedHandler
        {
            Wanted = new MilterNegotiation { Actions = MilterActions.All, Steps = stream.Length % 2 == 0 ? MilterSteps.All & ~(MilterSteps)0x3FF : MilterSteps.None },
            Modify = m =>
            {
                if (m.Granted.HasFlag(MilterActions.AddHeaders)) m.AddHeader("X", "1");
            },
        };
        byte[] answers;
        try
        {
            answers = await InMemoryConversation.RunAsync(script, Settings, [stream.AsMemory()], Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{origin}: {Convert.ToHexStringLower(stream)}", e);
        }

        Assert.True(AreWholePackets(answers), $"{origin}: {Convert.ToHexStringLower(stream)} was answered {Convert.ToHexStringLower(answers)}");
        Assert.True(script.Opened == script.Disposed, $"{origin}: a session was not disposed");
    }

    private static bool AreWholePackets(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 5)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            if (length < 1 || length > bytes.Length - 4) return false;
            bytes = bytes[(4 + length)..];
        }

        return bytes.Length == 0;
    }

    private static byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        var bytes = seed.ToList();
        for (var times = random.Next(1, 8); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 40)).Select(_ => (byte)random.Next(256))); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at))); break;
                case 5: bytes.InsertRange(at, MilterPackets.Packet((char)random.Next(256), new byte[random.Next(0, 300)])); break;
                case 6: bytes.AddRange(other.Skip(random.Next(other.Length))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes.Take(200_000)];
    }
}
