namespace Vigie.Store;

/// <summary>Says to one who waits that there is something to do. Given several times before it is seen, it is one signal.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _given = New();

    /// <summary>Gives it; never waits.</summary>
    public void Give() => _given.TrySetResult();

    /// <summary>Waits until it is given, or as long as <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var later = Task.Delay(atMost, time, giveUp.Token);
        await Task.WhenAny(_given.Task, later).ConfigureAwait(false);
        await giveUp.CancelAsync().ConfigureAwait(false);
        if (_given.Task.IsCompleted) _given = New();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
