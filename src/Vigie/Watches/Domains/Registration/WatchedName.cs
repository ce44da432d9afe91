using Vigie.Engine;

namespace Vigie.Watches.Domains.Registration;

/// <summary>A look-alike that is looked up in every run.</summary>
/// <param name="Domain">The look-alike, normalized.</param>
/// <param name="Target">The own domain it resembles.</param>
/// <param name="Family">How it is made, in the engine's name for it.</param>
/// <param name="Likelihood">The probability that a person who means the target once types this.</param>
/// <param name="Resemblance">How readily a reader takes it for the target, 0 to 1.</param>
/// <param name="Explanation">How it differs, in words.</param>
internal sealed record WatchedName(string Domain, string Target, string Family, double Likelihood, double Resemblance, Bilingual Explanation);
