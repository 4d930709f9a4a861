# Ctrl-C: the run ends, its folder is whole and says so, exit code 1. The strategy sends the signal
# itself, at a bar of its choice, so that no clock decides what is there.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
awk 'BEGIN { print "ts,open,high,low,close,volume"
    for (i = 0; i < 400000; i++) { p = 100 + i % 37; printf "%s,%d,%d,%d,%d,5\n", \
        strftime("%Y-%m-%dT%H:%M:%SZ", 1262563200 + 60 * i, 1), p, p + 1, p - 1, p } }' >minutes.csv
cat >quitter.c <<C
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>
#include <feller/strategy.h>
typedef struct quitter { long n_bars; } quitter;
static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    quitter *self = state;
    if (++self->n_bars == 100000) {
        (void)kill(getpid(), SIGINT);
    }
    return fel_order_to_weight(ctx, bar->instrument, self->n_bars % 1000 < 500 ? 1.0 : 0.0);
}
static const fel_strategy strategy = {.struct_size = sizeof(fel_strategy), .name = "quitter",
    .summary = "stops its own run", .state_size = sizeof(quitter), .on_bar = on_bar};
FEL_PLUGIN("quitter", "1", strategy);
C
"${CC:-cc}" -std=c17 -O2 -fPIC -shared -I"$ROOT/include" quitter.c -o quitter.so
cat >s.yaml <<YAML
name: long
data: [{file: minutes.csv}]
strategy: {plugin: quitter.so}
YAML
got=0
feller run s.yaml -q --no-html || got=$?
echo "exit code $got"
grep '"stopped"' out/long/manifest.json
feller report out/long | grep '^warning:.*interrupted'
# What was done is there, and nothing after it: 400000 minutes are 278 days.
awk -F, 'END { print (NR > 60 && NR < 200 ? "cut short" : NR " rows") }' out/long/equity.csv
refuses 'was stopped before its end' feller reproduce out/long
ls -A out
