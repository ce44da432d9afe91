using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Vigie.Engine.Attack;

/// <summary>What an attacker wants to reach: a column of the ATT&amp;CK matrix.</summary>
/// <param name="Id">For example <c>TA0002</c>.</param>
/// <param name="ShortName">As rules tag it, with hyphens: <c>credential-access</c>.</param>
/// <param name="Name">As MITRE calls it.</param>
public sealed record AttackTactic(string Id, string ShortName, string Name);

/// <summary>How an attacker reaches it.</summary>
/// <param name="Id">For example <c>T1059</c> or <c>T1059.001</c>.</param>
/// <param name="Name">As MITRE calls it; of a sub-technique its own name only.</param>
/// <param name="Tactics">The short names of the tactics it serves.</param>
public sealed record AttackTechnique(string Id, string Name, ImmutableArray<string> Tactics)
{
    /// <summary>Whether it is a particular way of another technique.</summary>
    public bool IsSubTechnique => Id.Contains('.', StringComparison.Ordinal);

    /// <summary>The id without the part behind the dot.</summary>
    public string ParentId => Id.Split('.')[0];
}

/// <summary>
/// The tactics and techniques of MITRE ATT&amp;CK for Enterprise, as of the table that is compiled in
/// (<c>Attack/Data/attack-techniques.txt</c>, which names its source, date and licence).
/// </summary>
public sealed class AttackMatrix
{
    private readonly FrozenDictionary<string, AttackTechnique> _techniques;

    private AttackMatrix(ImmutableArray<AttackTactic> tactics, ImmutableArray<AttackTechnique> techniques)
    {
        Tactics = tactics;
        Techniques = techniques;
        _techniques = techniques.ToFrozenDictionary(technique => technique.Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The matrix that is compiled in.</summary>
    public static AttackMatrix Enterprise { get; } = Load();

    /// <summary>In the order of the matrix.</summary>
    public ImmutableArray<AttackTactic> Tactics { get; }

    /// <summary>By id, a technique before its sub-techniques.</summary>
    public ImmutableArray<AttackTechnique> Techniques { get; }

    /// <summary>The technique with this id in any case of its letters; null when the table does not have it (revoked, newer, or made up).</summary>
    public AttackTechnique? Find(string id) => _techniques.GetValueOrDefault(id);

    /// <summary>The technique's name with its parent's in front; the id itself when it is not known.</summary>
    public string FullName(string id)
    {
        if (Find(id) is not { } technique) return id;
        return technique.IsSubTechnique && Find(technique.ParentId) is { } parent ? $"{parent.Name}: {technique.Name}" : technique.Name;
    }

    private static AttackMatrix Load()
    {
        using var stream = typeof(AttackMatrix).Assembly.GetManifestResourceStream("attack-techniques.txt")
            ?? throw new InvalidOperationException("The engine was built without its table attack-techniques.txt.");
        using var reader = new StreamReader(stream);
        var tactics = ImmutableArray.CreateBuilder<AttackTactic>();
        var techniques = ImmutableArray.CreateBuilder<AttackTechnique>();
        AttackTechnique? parent = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var fields = line.Split('\t');
            if (line.StartsWith("TA", StringComparison.Ordinal))
            {
                tactics.Add(new AttackTactic(fields[0], fields[1], fields[2]));
            }
            else if (line[0] == '.')
            {
                techniques.Add(new AttackTechnique(parent!.Id + fields[0], fields[2], fields[1].Length == 0 ? parent.Tactics : [.. fields[1].Split(',')]));
            }
            else
            {
                parent = new AttackTechnique(fields[0], fields[2], [.. fields[1].Split(',')]);
                techniques.Add(parent);
            }
        }

        return new AttackMatrix(tactics.ToImmutable(), techniques.ToImmutable());
    }
}
