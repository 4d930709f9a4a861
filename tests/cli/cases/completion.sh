# The completion knows commands, flags and lists.
# shellcheck source=/dev/null
. "$ROOT/tools/completion.bash"
complete_at() {
    COMP_WORDS=("$@")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    _feller
    echo "${COMPREPLY[*]}"
}
complete_at feller r
complete_at feller data ''
complete_at feller run --th
complete_at feller data import --ba
complete_at feller list st
complete_at feller new s
touch plan.yaml prices.csv
complete_at feller run p
complete_at feller simulate he
complete_at feller simulate --kap
complete_at feller price ba
complete_at feller price heston pr
complete_at feller price heston --gre
