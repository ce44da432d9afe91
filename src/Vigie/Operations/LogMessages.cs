namespace Vigie.Operations;

/// <summary>
/// Every message the node logs, typed, each with a stable id, so that an administrator can filter by it:
/// 1000 store, 2000 milter, 2500 mail, 3000 domains, 4000 console, 5000 node.
/// </summary>
internal static partial class LogMessages
{
    // ---- store: 1000 ----

    // ---- milter: 2000 ----

    // ---- mail: 2500 ----

    // ---- domains: 3000 ----

    // ---- console: 4000 ----

    // ---- node: 5000 ----
}
