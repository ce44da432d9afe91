using System.Text.RegularExpressions;
using Vigie.Commands;
using Vigie.Tests.Architecture;

namespace Vigie.Tests.Commands;

/// <summary>
/// The commands that README.md and docs/commands.md print really run: every <c>sh</c> block under a line
/// <c>&lt;!-- run --&gt;</c> is run here, each line a command of this program, from the root of the checkout.
/// </summary>
public sealed partial class GuideCommandsTests
{
    private static readonly string[] Guides = ["README.md", "docs/commands.md"];

    public static TheoryData<string, string> Lines()
    {
        var lines = new TheoryData<string, string>();
        foreach (var guide in Guides.Where(guide => File.Exists(Repository.Combine(guide))))
            foreach (Match block in RunBlock().Matches(Repository.Read(guide)))
                foreach (var line in block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    if (!line.StartsWith('#')) lines.Add(guide, line);
        return lines;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_command_in_a_guide_runs(string guide, string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(words[0] is "vigie" or "./vigie", $"{guide}: \"{line}\" is not a command of Vigie");
        // Paths in the guides are those of the checkout.
        var args = words[1..].Select(word => File.Exists(Repository.Combine(word)) || (word.Contains('/') && Directory.Exists(Repository.Combine(word))) ? Repository.Combine(word) : word).ToArray();
        var run = await CommandLine.RunAsync(args);
        Assert.True(run.ExitCode is ExitCodes.Ok or ExitCodes.Found, $"{guide}: \"{line}\" ended with {run.ExitCode}\n{run.Error}");
        Assert.NotEqual("", run.Output);
    }

    [GeneratedRegex(@"^<!-- run -->\n```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex RunBlock();
}
