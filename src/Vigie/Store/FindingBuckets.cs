using System.Data.Common;
using Dapper;

namespace Vigie.Store;

/// <summary>
/// The buckets findings are stored in, filled one after the other: what belongs to a finding is kept by its bucket first, so that writing
/// many changes few pages of the indexes however large these have become. A bucket that several nodes fill at once holds more, and what
/// was stored before there were any is in the first; nothing depends on how many a bucket holds but speed.
/// </summary>
internal sealed class FindingBuckets
{
    /// <summary>Entities of a bucket: some hundred pages of the index, and a hundred buckets for a million and more.</summary>
    public const int Size = 16_384;

    /// <summary>Joins the entities <c>e</c> of the finding <c>f</c>.</summary>
    public const string Entities = "JOIN finding_entity e ON e.bucket = f.bucket AND e.finding_id = f.id";

    /// <summary>Joins the evidence <c>e</c> of the finding <c>f</c>.</summary>
    public const string Evidence = "JOIN finding_evidence e ON e.bucket = f.bucket AND e.finding_id = f.id";

    /// <summary>A query of the ids of the findings that name the entity of the parameters <c>@Kind</c> and <c>@Value</c>; more may follow it.</summary>
    public const string Named = $"SELECT finding_id FROM finding_entity WHERE {InAny} AND value = @Value AND kind = @Kind";

    /// <summary>A condition that holds for every row of <c>finding_entity</c>, without which no index serves to look a value up.</summary>
    public const string InAny = "bucket IN (SELECT bucket FROM finding_bucket)";

    private long? _last;
    private long _entities;

    /// <summary>The bucket for findings that are about to be written; on the writer's thread only.</summary>
    /// <param name="transaction">The one they are written in.</param>
    /// <param name="entities">How many entities they have.</param>
    public long Take(DbTransaction transaction, int entities)
    {
        if (_last is null)
        {
            _last = transaction.Connection!.ExecuteScalar<long?>("SELECT max(bucket) FROM finding", transaction: transaction) ?? 0;
            _entities = transaction.Connection!.ExecuteScalar<long>("SELECT count(*) FROM finding_entity WHERE bucket = @_last", new { _last }, transaction);
        }

        if (_entities >= Size) (_last, _entities) = (_last + 1, 0);
        _entities += entities;
        return _last.Value;
    }
}
