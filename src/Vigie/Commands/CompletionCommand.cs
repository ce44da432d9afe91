using System.CommandLine;

namespace Vigie.Commands;

/// <summary>
/// <c>vigie completion bash|zsh|fish</c>: a script that asks the program itself what may come next, through
/// System.CommandLine's directive <c>[suggest:POSITION]</c>, so that it never grows old.
/// </summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # vigie completion for bash: source <(vigie completion bash), or save as /etc/bash_completion.d/vigie
        _vigie() {
            local line=${COMP_LINE#* } command=${COMP_LINE%% *}
            local position=$((COMP_POINT - ${#command} - 1))
            local word=${COMP_WORDS[COMP_CWORD]}
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("$1" "[suggest:$position]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _vigie vigie ./vigie
        """;

    private const string Zsh = """
        #compdef vigie
        # vigie completion for zsh: save as _vigie in a folder of $fpath
        _vigie() {
            local line="${(j: :)words[2,CURRENT]}"
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a found || _files
        }
        compdef _vigie vigie
        """;

    private const string Fish = """
        # vigie completion for fish: vigie completion fish > ~/.config/fish/completions/vigie.fish
        function __vigie_suggest
            set -l line (commandline -cp | string replace -r '^\S+\s' '')
            vigie "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c vigie -a '(__vigie_suggest)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that lets the Tab key finish verbs and options.") { shell };
        command.SetAction(result => result.InvocationConfiguration.Output.WriteLine(result.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command.WithExamples(("source <(vigie completion bash)", "In this shell, from now on."));
    }
}
