using Vigie.Commands;
using Vigie.Operations;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Commands;

public sealed class CompletionCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_program_itself_says_what_may_come_next()
    {
        var verbs = await CommandLine.RunAsync("[suggest:3]", "doc");
        Assert.Equal("doctor", verbs.Output.Trim());
        var options = await CommandLine.RunAsync("[suggest:8]", "up --set");
        Assert.Contains("--settings", options.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vigie doc", "doctor")]
    [InlineData("vigie config ch", "check")]
    [InlineData("vigie up --sett", "--settings")]
    public async Task Bash_finishes_the_word(string typed, string finished)
    {
        var script = await CommandLine.RunAsync("completion", "bash");
        var file = _folder.Write("completion.bash", script.Output);
        // What bash does at Tab, without a terminal: set the variables of a completion, call the function, print its answer.
        var ask = $$"""
            PATH={{AppContext.BaseDirectory}}:$PATH; source {{file}}
            COMP_LINE='{{typed}}'; COMP_POINT=${#COMP_LINE}; read -ra COMP_WORDS <<<"$COMP_LINE"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _vigie vigie; printf '%s\n' "${COMPREPLY[@]}"
            """;
        var (code, text) = await SystemPrograms.RunAsync("/bin/bash", "-c", ask);
        Assert.Equal((0, finished), (code, text.Trim()));
    }

    [Theory]
    [InlineData("zsh", "compadd")]
    [InlineData("fish", "complete -c vigie")]
    public async Task Other_shells_have_a_script(string shell, string says)
    {
        var script = await CommandLine.RunAsync("completion", shell);
        Assert.Equal(ExitCodes.Ok, script.ExitCode);
        Assert.Contains(says, script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ends_with_examples()
    {
        var help = await CommandLine.RunAsync("up", "--help");
        Assert.Contains("Examples:\n  vigie up\n", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_printed() => Assert.Equal(NodeMetrics.Version, (await CommandLine.RunAsync("--version")).Output.Trim());

    [Fact]
    public void The_executable_is_beside_the_tests() => Assert.True(File.Exists(NodeProcess.Executable));
}
