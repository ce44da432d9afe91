using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>Regular expressions of pipelines: without backtracking, so that none can take long.</summary>
internal static class PipelineRegex
{
    public static Regex? Of(string pattern, int line, ProblemSink sink)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            sink.Error(line, "pipeline.regex", $"'{pattern}' is no regular expression that can be used (look-around and back-references cannot): {e.Message}", $"« {pattern} » n'est pas une expression rationnelle utilisable (ni assertions ni références arrière) : {e.Message}");
            return null;
        }
    }
}
