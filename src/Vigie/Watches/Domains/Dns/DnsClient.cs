using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net.Sockets;

namespace Vigie.Watches.Domains.Dns;

/// <summary>
/// A stub resolver of our own: several recursive resolvers with failover, a bounded number of questions under way and
/// a polite rate. What no resolver truly answered is <see cref="DnsOutcome.Unknown"/>, never a guess.
/// </summary>
internal sealed class DnsClient : IDisposable
{
    private readonly DnsClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<ResolverHealth> _servers;
    private readonly SemaphoreSlim _underWay;
    private readonly QueryPace _pace;
    private readonly AnswerCache _cache;
    private readonly Counter<long>? _questions;

    public DnsClient(DnsClientOptions options, TimeProvider time, IMeterFactory? meters = null)
    {
        _options = options;
        _time = time;
        _servers = [.. options.Servers.Select(s => new ResolverHealth(s, time))];
        _underWay = new SemaphoreSlim(options.Concurrency);
        _pace = new QueryPace(options.QueriesPerSecond, options.Concurrency, time);
        _cache = new AnswerCache(options, time);
        _questions = meters?.Create("Vigie").CreateCounter<long>("vigie.domains.dns.questions", "{question}", "DNS questions sent, by resolver and outcome.");
    }

    /// <summary>How the resolvers do, in the order of the settings.</summary>
    public IReadOnlyList<ResolverStatus> Resolvers => [.. _servers.Select(s => s.Status)];

    public void Dispose() => _underWay.Dispose();

    /// <summary>Asks the resolvers until one truly answers.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; nothing else is thrown for what the network does.</exception>
    public async Task<DnsAnswer> AskAsync(DnsName name, RecordType type, CancellationToken ct)
    {
        var question = new DnsQuestion(name, type);
        if (_cache.Find(question) is { } known) return known;

        await _underWay.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var answer = await AskInTurnAsync(question, ct).ConfigureAwait(false);
            _cache.Keep(answer);
            return answer;
        }
        finally
        {
            _underWay.Release();
        }
    }

    private async Task<DnsAnswer> AskInTurnAsync(DnsQuestion question, CancellationToken ct)
    {
        var failure = DnsFailure.NoServer;
        for (var round = 0; round < _options.Rounds; round++)
        {
            foreach (var server in InOrder())
            {
                var answer = await AskServerAsync(server, question, ct).ConfigureAwait(false);
                if (answer.Outcome != DnsOutcome.Unknown) return answer;
                if (answer.Failure > failure) failure = answer.Failure.Value;
            }
        }

        return DnsAnswer.Unknown(question, failure);
    }

    // Those that keep failing come last, but they do come: with every resolver down, trying is all there is.
    private IEnumerable<ResolverHealth> InOrder() => _servers.OrderBy(s => s.IsResting);

    private async Task<DnsAnswer> AskServerAsync(ResolverHealth server, DnsQuestion question, CancellationToken ct)
    {
        var edns = !server.WithoutEdns;
        var result = await ExchangeAsync(server, question, edns, ct).ConfigureAwait(false);

        // RFC 6891 §7: a server that does not know EDNS may say so with any of these codes.
        if (edns && result.Message is { Code: ResponseCode.FormatError or ResponseCode.NotImplemented or ResponseCode.BadVersion })
        {
            result = await ExchangeAsync(server, question, edns: false, ct).ConfigureAwait(false);
            if (result.Message is { Code: ResponseCode.NoError or ResponseCode.NameError }) server.WithoutEdns = true;
        }

        return result.Message is null ? DnsAnswer.Unknown(question, result.Failure) : DnsAnswer.Read(result.Message, question);
    }

    private async Task<ExchangeResult> ExchangeAsync(ResolverHealth server, DnsQuestion question, bool edns, CancellationToken ct)
    {
        await _pace.WaitAsync(ct).ConfigureAwait(false);
        var started = _time.GetTimestamp();
        var exchange = new DnsExchange(server.Server, question, edns, _options.RandomCase);
        var result = await TryExchangeAsync(exchange, ct).ConfigureAwait(false);

        var failure = result.Message is null ? result.Failure : DnsAnswer.Read(result.Message, question).Failure;
        if (failure is { } failed) server.Failed(failed, exchange.Strays);
        else server.Answered(_time.GetElapsedTime(started), exchange.Strays);
        _questions?.Add(1, new("server", server.Server.ToString()), new("outcome", failure?.ToString() ?? "Answered"));
        return result;
    }

    private async Task<ExchangeResult> TryExchangeAsync(DnsExchange exchange, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return await exchange.AskAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ExchangeResult(null, DnsFailure.Timeout);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new ExchangeResult(null, DnsFailure.Unreachable);
        }
    }
}
