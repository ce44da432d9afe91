using System.Net;

namespace Vigie.Watches.Domains.Dns;

/// <summary>How one resolver does, since the node started.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="Asked">Questions sent.</param>
/// <param name="Answered">True answers, "there is nothing" among them.</param>
/// <param name="FailedInARow">Failures of the resolver itself since its last answer.</param>
/// <param name="Strays">Datagrams that were not the answer to what was asked: wrong id or question.</param>
/// <param name="LastAnswer">When it last answered.</param>
/// <param name="LastFailure">Its last failure, whenever that was.</param>
/// <param name="LastFailureTime">When that was.</param>
/// <param name="AverageTime">Exponentially weighted mean of its answers' times.</param>
internal sealed record ResolverStatus(
    IPEndPoint Server,
    long Asked,
    long Answered,
    int FailedInARow,
    long Strays,
    DateTimeOffset? LastAnswer,
    DnsFailure? LastFailure,
    DateTimeOffset? LastFailureTime,
    TimeSpan AverageTime)
{
    /// <summary>Whether it is asked first, in its turn; a resolver that keeps failing is asked last for a while.</summary>
    public bool IsHealthy => FailedInARow < ResolverHealth.FailuresToRest;
}

/// <summary>Keeps count of how one resolver does.</summary>
internal sealed class ResolverHealth(IPEndPoint server, TimeProvider time)
{
    /// <summary>Failures in a row after which a resolver is asked last.</summary>
    public const int FailuresToRest = 3;

    /// <summary>How long it is asked last.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private ResolverStatus _status = new(server, 0, 0, 0, 0, null, null, null, TimeSpan.Zero);

    public IPEndPoint Server => server;

    /// <summary>Set once a server has shown that it does not know EDNS (RFC 6891 §7).</summary>
    public bool WithoutEdns { get; set; }

    public ResolverStatus Status
    {
        get
        {
            lock (_lock) return _status;
        }
    }

    public bool IsResting
    {
        get
        {
            var status = Status;
            return !status.IsHealthy && time.GetUtcNow() - status.LastFailureTime < Rest;
        }
    }

    public void Answered(TimeSpan took, int strays)
    {
        lock (_lock)
        {
            var average = _status.Answered == 0 ? took : _status.AverageTime * 0.9 + took * 0.1;
            _status = _status with
            {
                Asked = _status.Asked + 1,
                Answered = _status.Answered + 1,
                FailedInARow = 0,
                Strays = _status.Strays + strays,
                LastAnswer = time.GetUtcNow(),
                AverageTime = average,
            };
        }
    }

    public void Failed(DnsFailure failure, int strays)
    {
        // Resolvers answer ServFail for domains whose own servers are broken; that is no fault of the resolver.
        var own = failure is not DnsFailure.ServerFailure;
        lock (_lock)
        {
            _status = _status with
            {
                Asked = _status.Asked + 1,
                FailedInARow = own ? _status.FailedInARow + 1 : _status.FailedInARow,
                Strays = _status.Strays + strays,
                LastFailure = failure,
                LastFailureTime = time.GetUtcNow(),
            };
        }
    }
}
