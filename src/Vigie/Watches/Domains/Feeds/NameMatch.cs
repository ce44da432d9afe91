using Vigie.Engine;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>A protected name that a new name imitates.</summary>
/// <param name="Suspect">The new name, normalized.</param>
/// <param name="Registrable">The registrable domain of the suspect: what somebody registered.</param>
/// <param name="Target">The protected name.</param>
/// <param name="Family">How it is imitated, in the engine's name for it.</param>
/// <param name="Likelihood">The probability that a person who means the target once types this.</param>
/// <param name="Resemblance">How readily a reader takes it for the target, 0 to 1.</param>
/// <param name="Explanation">How it differs, in words.</param>
internal sealed record NameMatch(string Suspect, string Registrable, string Target, string Family, double Likelihood, double Resemblance, Bilingual Explanation);

/// <summary>Which protected names a name imitates; null where it is no domain name.</summary>
internal delegate IReadOnlyList<NameMatch>? NameLookup(string name);
