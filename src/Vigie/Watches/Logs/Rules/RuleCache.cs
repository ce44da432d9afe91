using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs.Rules;

/// <summary>
/// Rules as they came out of their files, kept between runs so that a start does not read thousands of YAML files again.
/// An entry holds for one path, size, time of writing, program and set of placeholder values; everything else is read anew.
/// A cache that is damaged, or that somebody else could have written, is as good as none.
/// </summary>
internal sealed class RuleCache
{
    private const int Format = 2;
    private const int MaxBytes = 512_000_000;
    private static readonly byte[] Magic = "VIGIERUL"u8.ToArray();

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>What a file of rules holds, as far as it can be kept.</summary>
    internal sealed record Entry(RuleFile File, ImmutableArray<SigmaRule> Rules, ImmutableArray<SigmaProblem> Problems);

    /// <summary>What is kept of a file that is still the same.</summary>
    public Entry? Find(RuleFile file) => _entries.TryGetValue(file.Path, out var entry) && entry.File == file ? entry : null;

    /// <summary>Keeps what a file holds.</summary>
    public void Add(Entry entry) => _entries[entry.File.Path] = entry;

    /// <summary>What depends on neither file nor rule: an entry made under another key is no longer true.</summary>
    public static string KeyOf(string program, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders)
    {
        var text = new StringBuilder(program).Append('\n').Append(typeof(SigmaRule).Assembly.ManifestModule.ModuleVersionId);
        foreach (var (name, values) in placeholders.OrderBy(p => p.Key, StringComparer.Ordinal)) text.Append('\n').Append(name).Append('\0').AppendJoin('\0', values);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Reads a cache; an empty one where there is none that can be used.</summary>
    public static RuleCache Load(string file, string key)
    {
        var cache = new RuleCache();
        try
        {
            if (!File.Exists(file) || new FileInfo(file).Length > MaxBytes) return cache;
            var bytes = File.ReadAllBytes(file);
            const int hash = SHA256.HashSizeInBytes;
            if (bytes.Length < Magic.Length + hash || !bytes.AsSpan().StartsWith(Magic)) return cache;
            if (!SHA256.HashData(bytes.AsSpan(Magic.Length + hash)).AsSpan().SequenceEqual(bytes.AsSpan(Magic.Length, hash))) return cache;
            using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length + hash, bytes.Length - Magic.Length - hash), Encoding.UTF8);
            if (reader.ReadInt32() != Format || reader.ReadString() != key) return cache;
            var rules = new RuleReader(reader);
            for (var left = reader.ReadInt32(); left > 0; left--) cache.Add(rules.ReadEntry());
            return cache;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or FormatException or OverflowException)
        {
            return new RuleCache();
        }
    }

    /// <summary>Writes the entries of <paramref name="files"/> in one step; a reader sees the old cache or the whole new one.</summary>
    /// <exception cref="IOException">It cannot be written; rules are then read from their files each time.</exception>
    public void Save(string file, string key, IReadOnlyCollection<RuleFile> files)
    {
        var kept = files.Select(Find).OfType<Entry>().ToList();
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write(key);
            writer.Write(kept.Count);
            var rules = new RuleWriter(writer);
            foreach (var entry in kept) rules.Write(entry);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = $"{file}.{Environment.ProcessId}.new";
        using (var output = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            var content = body.GetBuffer().AsSpan(0, (int)body.Length);
            output.Write(Magic);
            output.Write(SHA256.HashData(content));
            output.Write(content);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
