// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Help;

/// <summary>The scripts that teach a shell to ask <c>tare __complete</c>; the answers come from the verbs
/// themselves.</summary>
/// <remarks>
/// <c>__complete</c> gets the words up to the cursor and prints one candidate a line, as <c>word TAB meaning</c>; the
/// single
/// line <c>:files</c> asks the shell for file names.
/// </remarks>
internal static class CompletionScript
{
    public const string Bash =
        """
        # bash completion for tare
        _tare() {
            # the line itself, because bash splits COMP_WORDS at the colons of image names
            local line=${COMP_LINE:0:COMP_POINT} word answers words
            read -ra words <<<"$line"
            [[ $line == *[[:space:]] ]] && words+=("")
            word=${words[-1]}
            mapfile -t answers < <(tare __complete -- "${words[@]:1}" 2>/dev/null)
            if [[ ${answers[0]} == :files ]]; then
                compopt -o default
                COMPREPLY=()
                return
            fi
            answers=("${answers[@]%%$'\t'*}")
            # what is given back replaces only what follows the last colon
            if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
                local head=${word%"${word##*:}"}
                answers=("${answers[@]#"$head"}")
            fi
            COMPREPLY=("${answers[@]}")
        }
        complete -F _tare tare

        """;

    public const string Zsh =
        """
        #compdef tare
        _tare() {
            local -a lines candidates
            local line
            lines=("${(@f)$(tare __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ ${lines[1]} == :files ]]; then
                _files
                return
            fi
            for line in $lines; do
                [[ -n $line ]] && candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
            done
            _describe tare candidates
        }
        compdef _tare tare

        """;

    public const string Fish =
        """
        # fish completion for tare
        function __tare_complete
            set -l answers (tare __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
            if test "$answers[1]" = :files
                __fish_complete_path (commandline -ct)
                return
            end
            printf '%s\n' $answers
        end
        complete -c tare -f -a '(__tare_complete)'

        """;
}
