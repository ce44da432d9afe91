namespace Vigie.Engine.Lookalikes;

/// <summary>What happened between two names, in words.</summary>
internal static class Explanation
{
    public static Bilingual Of(string target, string suspect, ImitationFamily family) => new($"{suspect} for {target}", $"{suspect} pour {target}");
}
