using System.CommandLine;

namespace Vigie.Commands;

/// <summary>The mode table: one line a verb.</summary>
internal static class VigieCommand
{
    public static RootCommand Create() => new("Vigie: a threat watch for small teams.")
    {
        UpCommand.Create(),
    };
}
