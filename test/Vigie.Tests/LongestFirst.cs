using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Vigie.Tests.LongestFirst))]

namespace Vigie.Tests;

/// <summary>
/// Begins with the collections whose classes run one after another: begun last, they would go on alone on one core when all others are over.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["acceptance", "browser"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => Long.Contains(collection.TestCollectionDisplayName))];
}
