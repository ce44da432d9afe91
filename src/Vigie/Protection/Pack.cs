using Vigie.Engine;

namespace Vigie.Protection;

/// <summary>A named list of other people's domains worth guarding: one file of <c>rules/packs</c>, validated.</summary>
/// <param name="Id">Stable id, equal to the file's name without its extension.</param>
/// <param name="Version">Year and month in which the names were last checked, such as <c>2026.11</c>.</param>
/// <param name="Title">What is in it, for people.</param>
/// <param name="Sources">Where each name can be checked: official sites and registers.</param>
/// <param name="Licence">What the names are and under which terms the file is.</param>
/// <param name="Names">The protected domains, in file order.</param>
/// <param name="Zones">Suffixes whose registry admits only one kind of owner, in file order.</param>
public sealed record Pack(
    string Id,
    string Version,
    Bilingual Title,
    IReadOnlyList<Uri> Sources,
    string Licence,
    IReadOnlyList<PackName> Names,
    IReadOnlyList<PackZone> Zones);

/// <summary>One protected domain of a pack.</summary>
/// <param name="Domain">Lower-case A-label form.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Line">1-based line in the pack's file.</param>
public sealed record PackName(string Domain, string Owner, long Line);

/// <summary>
/// A suffix such as <c>mil</c> or <c>gouv.sn</c> below which only one kind of owner gets a name. Nobody can put a trap
/// there, so a name below it imitates nothing outside it; and a zone never makes a name elsewhere suspicious.
/// </summary>
/// <param name="Suffix">Lower-case A-label form, without a leading dot.</param>
/// <param name="Owner">Who assigns the names.</param>
/// <param name="Line">1-based line in the pack's file.</param>
public sealed record PackZone(string Suffix, string Owner, long Line);

/// <summary>One thing wrong in a pack file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">1-based line; 0 where the file as a whole is meant.</param>
/// <param name="Field">The field, such as <c>names.army.mil</c>; empty where the file as a whole is meant.</param>
/// <param name="Text">What is wrong and what to do.</param>
public sealed record PackProblem(string File, long Line, string Field, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Field.Length == 0 ? $"{File}:{Line}: {Text}" : $"{File}:{Line}: {Field}: {Text}";
}
