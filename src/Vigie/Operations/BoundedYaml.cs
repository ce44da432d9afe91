using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Vigie.Operations;

/// <summary>
/// Loads YAML that people write. An alias can make a small file a huge tree ("YAML bomb"), and deep nesting can exhaust the
/// stack of a tree reader: neither is needed here, and both are refused before a tree is built.
/// </summary>
internal static class BoundedYaml
{
    /// <summary>The documents of <paramref name="yaml"/>.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="maxDepth">How many levels of groups and lists it may have.</param>
    /// <param name="where">What it is, for the message: <c>settings</c>, <c>a pack</c>.</param>
    /// <exception cref="YamlException">It is not YAML, has an alias, or is too deep; says where.</exception>
    /// <exception cref="InvalidOperationException">YamlDotNet's scanner lost its own state on a malformed scalar.</exception>
    public static YamlStream Load(string yaml, int maxDepth, string where)
    {
        Check(yaml, maxDepth, where);
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream;
    }

    private static void Check(string yaml, int maxDepth, string where)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case AnchorAlias alias:
                    throw new YamlException(alias.Start, alias.End, $"aliases (*name) are not allowed in {where}; write the value out");
                case MappingStart or SequenceStart when ++depth > maxDepth:
                    throw new YamlException(parser.Current.Start, parser.Current.End, $"more than {maxDepth} levels deep");
                case MappingEnd or SequenceEnd:
                    depth--;
                    break;
            }
        }
    }
}
