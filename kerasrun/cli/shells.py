"""Completion in a shell: the script that it sources, and the answer that the script asks for at each TAB.

Click's own scripts break words where bash does (`@sine`, `a.b=`), put a space after what goes on (`outputs/`,
`training.epochs=`), and cut fish's words at commas. These send the line up to the cursor as COMP_LINE and get a
candidate a line, with a tab before its description.
"""

import os
import re
import sys

import click
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

VARIABLE = "_KERASRUN_COMPLETE"

BASH = r"""_kerasrun_completion() {
    mapfile -t COMPREPLY < <(_KERASRUN_COMPLETE=bash COMP_LINE="${COMP_LINE:0:COMP_POINT}" \
        COMP_WORDBREAKS="$COMP_WORDBREAKS" "$1" 2>/dev/null)
    # What goes on after it gets no space: a folder, a key before its value.
    [[ ${COMPREPLY[0]} == *[/.=] ]] && compopt -o nospace
    return 0
}
complete -o nosort -F _kerasrun_completion kerasrun
"""

ZSH = r"""#compdef kerasrun
_kerasrun() {
    local -a found words_on words_done
    local line word about entry
    found=(${(f)"$(_KERASRUN_COMPLETE=zsh COMP_LINE="${words[1,CURRENT]}" $words[1] 2>/dev/null)"})
    for line in $found; do
        word=${line%%$'\t'*} about=${line#*$'\t'}
        entry="${${word//\\/\\\\}//:/\\:}${about:+:$about}"
        # What goes on after it gets no space: a folder, a key before its value.
        if [[ $word == *[/.=] ]]; then words_on+=("$entry"); else words_done+=("$entry"); fi
    done
    (( $#words_on )) && _describe -V kerasrun words_on -U -Q -S ''
    (( $#words_done )) && _describe -V kerasrun words_done -U -Q
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _kerasrun "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _kerasrun kerasrun
fi
"""

FISH = r"""function __kerasrun_complete
    set -lx _KERASRUN_COMPLETE fish
    set -lx COMP_LINE (commandline -cp | string collect)
    kerasrun 2>/dev/null
end
complete --no-files --command kerasrun --arguments '(__kerasrun_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


class Answer(ShellComplete):
    """What there is to offer for the line up to the cursor."""

    kept = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The whole words after the command, and the one that is being typed."""
        # The letter more keeps a last word that is empty, or whose quotes are still open.
        *words, last = split_arg_string(os.environ["COMP_LINE"] + "x")
        last = last[:-1]
        if last.startswith("--") and "=" in last:
            self.kept = last[: last.index("=") + 1]
        return words[1:], last

    def format_completion(self, item: CompletionItem) -> str:
        """A line: the candidate as the shell is to have it, and its description."""
        about = " ".join((item.help or "").split())
        return f"{self.kept}{self.quoted(item.value)}\t{about}"

    def quoted(self, value: str) -> str:
        """The value with a backslash before what the shell would take for its own, unless quotes are open."""
        if _has_open_quotes(os.environ["COMP_LINE"]):
            return value
        return re.sub(r"([^\w@%+=:,./~-])", r"\\\1", value)


class BashAnswer(Answer):
    """Bash replaces what stands after the last of its own word breaks, and shows no descriptions."""

    def format_completion(self, item: CompletionItem) -> str:
        """The part of the candidate that bash does not have yet."""
        value = super().format_completion(item).partition("\t")[0]
        word = split_arg_string(os.environ["COMP_LINE"] + "x")[-1][:-1]
        breaks = os.environ.get("COMP_WORDBREAKS", "")
        # Of the breaks only @ belongs to the word that it begins.
        there = max(0, word.rfind("@"), *(word.rfind(sign) + 1 for sign in "=:" if sign in breaks))
        return value[there:] if value.startswith(word[:there]) else value


class FishAnswer(Answer):
    """Fish adds what quoting is needed by itself."""

    def quoted(self, value: str) -> str:
        """The value as it is."""
        return value


ANSWERS = {"bash": BashAnswer, "zsh": Answer, "fish": FishAnswer}


def answer(cli: click.Command) -> None:
    """Print the candidates, and end. Whatever goes wrong, a shell that completes shows no error."""
    try:
        kind = ANSWERS[os.environ[VARIABLE]]
        candidates = kind(cli, {}, "kerasrun", VARIABLE).complete()
        click.echo(candidates, nl=bool(candidates))
        sys.stdout.flush()
    except Exception:
        pass
    sys.exit(0)


def _has_open_quotes(line: str) -> bool:
    import shlex

    try:
        shlex.split(line.removesuffix("\\"))
    except ValueError:
        return True
    return False
