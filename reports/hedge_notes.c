/* reports/hedge_notes.c - what a reader of a hedging study must be told first. */
#include <stdio.h>

#include "reports/hedge_report_internal.h"

enum { NOTE_SIZE = 320, FEW_PATHS = 10000, FEW_SEEDS = 5 };

/* Trained networks differ by their seed more than paths tell. */
static void note_seeds(const fel_hedge_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    size_t fewest = FEW_SEEDS;
    for (size_t i = 0; i < r->n_hedgers; i++) {
        const fel_hedge_hedger *h = &r->hedgers[i];
        fewest = h->is_policy && h->n_seeds < fewest ? h->n_seeds : fewest;
    }
    if (fewest < FEW_SEEDS) {
        (void)snprintf(text, sizeof(text),
                       "trained with %zu seed%s only: how much a network's numbers depend on its "
                       "seed is hardly known",
                       fewest, fewest == 1 ? "" : "s");
        take(payload, "warning", text);
    }
}

static void note_paths(const fel_hedge_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    if (r->n_paths < FEW_PATHS) {
        (void)snprintf(text, sizeof(text), "%llu test path%s only: the tails are uncertain",
                       (unsigned long long)r->n_paths, r->n_paths == 1 ? "" : "s");
        take(payload, "note", text);
    }
}

static void note_oracles(const fel_hedge_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    for (size_t i = 0; i < r->n_hedgers; i++) {
        if (r->hedgers[i].is_oracle) {
            (void)snprintf(text, sizeof(text),
                           "%.80s is an oracle: it knows what no hedger of a real market knows, "
                           "and is never called the best",
                           r->hedgers[i].label);
            take(payload, "note", text);
        }
    }
}

void hedgers_notes(const fel_hedge_report *r, note_taker take, void *payload)
{
    if (r->is_interrupted) {
        take(payload, "warning", "the study was interrupted: what had ended by then is here");
    }
    note_seeds(r, take, payload);
    note_paths(r, take, payload);
    note_oracles(r, take, payload);
    note_process(&r->process, take, payload);
    take_pairs(r->notes, r->n_notes, take, payload);
}
