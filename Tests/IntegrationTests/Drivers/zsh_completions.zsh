# Types lines into an interactive zsh and prints what it would complete each one with.
#   zsh -f zsh_completions.zsh SCRIPT SCRATCHFILE LINE…
# Each line gives `== LINE`, the candidates in order, and `<LINE AFTER COMPLETION>`.
zmodload zsh/zpty || exit 1
script=$1 answers=$2
shift 2
: >$answers

session() {
  # Candidates that are only collected, for a function that looks at them first, are not offered.
  compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
      local -a hits
      builtin compadd -A hits "$@"
      candidates+=("${hits[@]}")
    fi
    builtin compadd "$@"
  }
  probe() {
    candidates=()
    print -r -- "== $BUFFER" >>$answers
    zle complete-word
    print -rl -- "${candidates[@]}" "<$BUFFER>" . >>$answers
    BUFFER=
  }
  typeset -ga candidates
  autoload -Uz compinit
  compinit -D -u
  source $script
  zle -N probe
  bindkey '^P' probe
  setopt no_beep
  print started >>$answers
}

TERM=dumb
zpty shell zsh -f -i
zpty -w shell "answers=${(q)answers} script=${(q)script}; eval ${(q)$(functions session)}; session"
awaiting() { # COUNT of answers: waits for that many lines that are `.` or `started`
  repeat 500; do
    (( $(grep -c -e '^\.$' -e '^started$' $answers) >= $1 )) && return
    zpty -r -t shell drained
    sleep 0.02
  done
  print -u2 "no answer in time"
  exit 1
}
integer count=1
awaiting 1
for line; do
  zpty -w -n shell "$line"$'\x10'
  awaiting $((++count))
done
zpty -d shell
grep -v -e '^\.$' -e '^started$' $answers
