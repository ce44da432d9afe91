namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>Waits for what happens on another thread; the test's own token bounds it.</summary>
internal static class Eventually
{
    public static async Task Become(Func<bool> condition, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition()) await Task.Delay(10, bounded.Token);
    }
}
