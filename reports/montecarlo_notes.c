/* reports/montecarlo_notes.c - what a reader of a Monte Carlo report must be told first. */
#include <math.h>
#include <stdio.h>

#include "reports/simulation_internal.h"

enum { NOTE_SIZE = 320, FEW_PATHS = 1000 };

static const struct {
    uint32_t flag;
    const char *text;
} flag_notes[] = {
    {FEL_FLAG_SAME_CLOSE,
     "orders fill at the close that they were decided on: no market gives that price"},
    {FEL_FLAG_PRICE_RETURN, "price return only: no dividends are known"},
};

/* Fewer paths than asked for. */
static void note_missing(const fel_montecarlo_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    if ((r->flags & FEL_FLAG_STOPPED) == 0 && r->n_paths >= r->n_paths_asked) {
        return;
    }
    (void)snprintf(text, sizeof(text),
                   "the study was interrupted: %llu of %llu paths are here, those that ended",
                   (unsigned long long)r->n_paths, (unsigned long long)r->n_paths_asked);
    take(payload, "warning", text);
}

static void note_ruin(const fel_montecarlo_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    if (r->n_paths_ruined == 0) {
        return;
    }
    (void)snprintf(text, sizeof(text),
                   "on %llu of %llu paths equity went to zero or below: positions were liquidated, "
                   "and the path counts with what was left",
                   (unsigned long long)r->n_paths_ruined, (unsigned long long)r->n_paths);
    take(payload, "warning", text);
}

static void note_precision(const fel_montecarlo_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    if (r->n_paths >= FEW_PATHS) {
        return;
    }
    (void)snprintf(text, sizeof(text),
                   "%llu path%s only: the outer quantiles are uncertain, see their intervals",
                   (unsigned long long)r->n_paths, r->n_paths == 1 ? "" : "s");
    take(payload, "note", text);
}

void montecarlo_notes(const fel_montecarlo_report *r, note_taker take, void *payload)
{
    note_missing(r, take, payload);
    note_ruin(r, take, payload);
    for (size_t i = 0; i < sizeof(flag_notes) / sizeof(flag_notes[0]); i++) {
        if ((r->flags & flag_notes[i].flag) != 0) {
            take(payload, "warning", flag_notes[i].text);
        }
    }
    note_precision(r, take, payload);
    for (size_t i = 0; i < r->n_processes; i++) {
        note_process(&r->processes[i], take, payload);
    }
    take_pairs(r->notes, r->n_notes, take, payload);
}
