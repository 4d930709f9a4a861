# tools/completion.bash - completion of the feller command for bash. Commands and flags are asked of
# the command itself, so that they cannot go out of date.
# shellcheck shell=bash

# The words of `feller ... --help` that look like commands or flags.
_feller_commands() {
    feller "$@" --help 2>/dev/null | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p'
}

_feller_flags() {
    feller "$@" --help 2>/dev/null | grep -oE -- '--[a-z][a-z0-9-]+' | sort -u
}

_feller_names() {
    feller list "$1" --json 2>/dev/null | sed -n 's/^    "name": "\([^"]*\)".*/\1/p'
}

_feller_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# Files whose names end in one of these, and folders.
_feller_files() {
    local word=$1
    shift
    local pattern
    mapfile -t COMPREPLY < <(
        compgen -d -- "$word" || true
        for pattern in "$@"; do
            compgen -f -X "!$pattern" -- "$word" || true
        done
    )
}

_feller_arguments() {
    local command=$1 word=$2 place=$3
    case $command in
    run | check) _feller_files "$word" '*.yaml' '*.yml' ;;
    list)
        if [ "$place" -eq 2 ]; then
            _feller_words "strategies costs metrics trip_metrics holding_metrics losses risks models optimizers schedules features indicators targets scales layouts rules keys processes schemes payoffs hedge_features hedge_rules" "$word"
        else
            _feller_words "$(_feller_names "${COMP_WORDS[2]}")" "$word"
        fi
        ;;
    price)
        if [ "$place" -eq 2 ]; then
            _feller_words "gbm merton heston bates" "$word"
        else
            _feller_files "$word" '*.csv'
        fi
        ;;
    simulate) [ "$place" -ne 2 ] || _feller_words "gbm merton heston bates" "$word" ;;
    new) [ "$place" -ne 2 ] || _feller_words "strategy study" "$word" ;;
    report | reproduce) _feller_files "$word" ;;
    *) _feller_files "$word" '*.csv' '*.gz' '*.zip' '*.zst' ;;
    esac
}

_feller() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} at=1
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        _feller_words "$(_feller_commands)" "$word"
        return
    fi
    if [ "$command" = data ]; then
        if [ "$COMP_CWORD" -eq 2 ]; then
            _feller_words "$(_feller_commands data)" "$word"
            return
        fi
        at=2
    fi
    if [[ $word == -* ]]; then
        _feller_words "$(_feller_flags "${COMP_WORDS[@]:1:$at}")" "$word"
    else
        _feller_arguments "${COMP_WORDS[at]}" "$word" "$COMP_CWORD"
    fi
}

complete -o filenames -F _feller feller
