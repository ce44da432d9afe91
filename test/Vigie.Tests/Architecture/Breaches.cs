namespace Vigie.Tests.Architecture;

/// <summary>Fails with the whole list of what breaks a rule: one run shows all there is to mend.</summary>
internal static class Breaches
{
    public static void None<T>(IEnumerable<T> breaches)
    {
        var list = breaches.Select(breach => $"{breach}").ToList();
        Assert.True(list.Count == 0, $"{list.Count} break this rule:\n{string.Join('\n', list)}");
    }
}
