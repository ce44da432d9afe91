using System.IO.Compression;
using System.Security.Cryptography;

namespace Vigie.Commands.Rules;

/// <summary>What was wrong with a set of rules from elsewhere; nothing of it was kept.</summary>
internal sealed class RuleArchiveException(string message) : Exception(message);

/// <summary>
/// Takes the rule files out of a folder or a zip somebody else made. Only files that end in <c>.yml</c> or <c>.yaml</c>, and
/// licences, are taken; an archive that tries to write elsewhere or to fill the disk is refused as a whole.
/// </summary>
internal static class RuleArchive
{
    /// <summary>The most bytes of one file.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    /// <summary>The most bytes of all files together, unpacked.</summary>
    public const long MaxTotalBytes = 256L * 1024 * 1024;

    /// <summary>The most entries of an archive or folder, whatever they are.</summary>
    public const int MaxEntries = 100_000;

    private const int UnixFileType = 0xF000;
    private const int UnixSymbolicLink = 0xA000;

    /// <summary>Copies rules into an empty folder.</summary>
    /// <param name="source">A folder, a zip, or one rule file.</param>
    /// <param name="target">An existing folder.</param>
    /// <param name="cancellationToken">Ends it early; what was copied stays in <paramref name="target"/>.</param>
    /// <returns>How many files were taken.</returns>
    /// <exception cref="RuleArchiveException">It is no archive, is too large, or leads elsewhere.</exception>
    public static int Unpack(string source, string target, CancellationToken cancellationToken)
    {
        var budget = new Budget();
        if (Directory.Exists(source)) return FromFolder(source, target, budget, cancellationToken);
        if (IsRuleFile(source))
        {
            using var file = File.OpenRead(source);
            Copy(file, Path.Combine(target, Path.GetFileName(source)), source, budget);
            return 1;
        }

        try
        {
            using var archive = ZipFile.OpenRead(source);
            return FromZip(archive, target, budget, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new RuleArchiveException($"{source}: neither a zip, nor a folder, nor a .yml file ({e.Message})");
        }
    }

    /// <summary>SHA-256 of a file in lower-case hex; of a folder, of its files' names and hashes in order.</summary>
    public static string Sha256(string source)
    {
        if (File.Exists(source))
        {
            using var file = File.OpenRead(source);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(IsWanted).Order(StringComparer.Ordinal))
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{Path.GetRelativePath(source, path)}\n{Sha256(path)}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int FromZip(ZipArchive archive, string target, Budget budget, CancellationToken cancellationToken)
    {
        if (archive.Entries.Count > MaxEntries) throw new RuleArchiveException($"more than {MaxEntries} entries");
        var taken = 0;
        foreach (var entry in archive.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Within(target, entry.FullName);
            if (((entry.ExternalAttributes >> 16) & UnixFileType) == UnixSymbolicLink) throw new RuleArchiveException($"{entry.FullName}: a link, which a set of rules has no use for");
            if (entry.FullName.EndsWith('/') || !IsWanted(entry.FullName)) continue;
            using var content = entry.Open();
            Copy(content, path, entry.FullName, budget);
            taken++;
        }

        return taken;
    }

    private static int FromFolder(string source, string target, Budget budget, CancellationToken cancellationToken)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        var (taken, seen) = (0, 0);
        foreach (var path in Directory.EnumerateFiles(source, "*", options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++seen > MaxEntries) throw new RuleArchiveException($"more than {MaxEntries} files");
            if (!IsWanted(path)) continue;
            using var file = File.OpenRead(path);
            var relative = Path.GetRelativePath(source, path);
            Copy(file, Within(target, relative), relative, budget);
            taken++;
        }

        return taken;
    }

    // "Zip slip": a name such as ../../etc/cron.d/x must not get out, in any spelling.
    private static string Within(string target, string name)
    {
        if (name.Length is 0 or > 1024 || name.Any(c => char.IsControl(c) || c is '\\' or ':') || Path.IsPathRooted(name) || name.Split('/').Any(part => part == ".."))
            throw new RuleArchiveException($"an entry leads out of the archive: {TerminalText.Plain(name, 200)}");
        var full = Path.GetFullPath(Path.Combine(target, name));
        return full.StartsWith(Path.GetFullPath(target) + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : throw new RuleArchiveException($"an entry leads out of the archive: {name}");
    }

    // Counted while unpacking: what an archive says about its sizes is not believed.
    private static void Copy(Stream content, string path, string name, Budget budget)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[32 * 1024];
        var length = 0L;
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            length += read;
            budget.Left -= read;
            if (length > MaxFileBytes) throw new RuleArchiveException($"{TerminalText.Plain(name, 200)}: more than {MaxFileBytes / 1024} KiB, which no rule file has");
            if (budget.Left < 0) throw new RuleArchiveException($"more than {MaxTotalBytes / 1024 / 1024} MiB unpacked");
            file.Write(buffer, 0, read);
        }
    }

    private static bool IsWanted(string path) => IsRuleFile(path) || Path.GetFileName(path).StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase);

    private static bool IsRuleFile(string path) => Path.GetExtension(path) is ".yml" or ".yaml";

    private sealed class Budget
    {
        public long Left = MaxTotalBytes;
    }
}
