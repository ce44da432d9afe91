namespace Vigie.Watches.Domains.Dns;

/// <summary>
/// Answers already known, for as long as their zones allow. A name that does not exist is kept once for all types
/// (RFC 8020); what is unknown is never kept.
/// </summary>
internal sealed class AnswerCache(DnsClientOptions options, TimeProvider time)
{
    // A type no question has: the entry of a name that does not exist.
    private const RecordType AnyType = 0;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DnsName Name, RecordType Type), (DnsAnswer Answer, DateTimeOffset Until)> _answers = [];
    private readonly Queue<(DnsName Name, RecordType Type)> _order = [];

    public int Count
    {
        get
        {
            lock (_lock) return _answers.Count;
        }
    }

    public DnsAnswer? Find(DnsQuestion question)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_answers.TryGetValue((question.Name, question.Type), out var kept) && kept.Until > now) return kept.Answer with { Question = question };
            if (_answers.TryGetValue((question.Name, AnyType), out kept) && kept.Until > now) return kept.Answer with { Question = question };
            return null;
        }
    }

    public void Keep(DnsAnswer answer)
    {
        var longest = answer.Outcome switch
        {
            DnsOutcome.Found => options.MaxAge,
            DnsOutcome.NoData or DnsOutcome.NoSuchName => options.MaxNegativeAge,
            _ => TimeSpan.Zero,
        };
        var age = answer.GoodFor < longest ? answer.GoodFor : longest;
        if (age <= TimeSpan.Zero || options.CacheEntries == 0) return;

        var key = (answer.Question.Name, answer.Outcome == DnsOutcome.NoSuchName ? AnyType : answer.Question.Type);
        lock (_lock)
        {
            // Invariant: _order holds every key of _answers exactly once, oldest first.
            if (!_answers.ContainsKey(key))
            {
                while (_answers.Count >= options.CacheEntries) _answers.Remove(_order.Dequeue());
                _order.Enqueue(key);
            }

            _answers[key] = (answer, time.GetUtcNow() + age);
        }
    }
}
