using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Store;

/// <summary>One numbered step of the schema, from <c>Store/Migrations/NNNN_name.sql</c>.</summary>
/// <param name="Version">Its number; steps are applied in this order.</param>
/// <param name="Name">The rest of the file name.</param>
/// <param name="Sql">The statements, with the tokens of <see cref="Dialect.Expand"/>.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    private const string Prefix = "migrations/";

    /// <summary>SHA-256 of the statements, by which a step that was changed after it was applied is noticed.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The steps this program knows, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load(typeof(Migration).Assembly);

    private static Migration[] Load(Assembly assembly)
    {
        var found = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(migration => migration.Version)
            .ToArray();
        var twice = found.GroupBy(migration => migration.Version).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? found : throw new InvalidOperationException($"Two migrations have number {twice.Key}.");
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        var name = resource[Prefix.Length..^".sql".Length];
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        // A checkout may have changed the line ends; the step is the same.
        var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name[5..], sql);
    }
}

/// <summary>A step that a store remembers having taken.</summary>
internal sealed record AppliedMigration
{
    public int Version { get; init; }

    public string Name { get; init; } = "";

    public string Checksum { get; init; } = "";

    /// <summary>The version of the program that applied it.</summary>
    public string Program { get; init; } = "";
}
