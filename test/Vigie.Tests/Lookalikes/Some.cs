using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

/// <summary>Values of which a test needs any.</summary>
internal static class Some
{
    public static ProtectedName Protected(string domain) => new(domain, ProtectedOrigin.Pack, "test");
}
