/* reports/calibration_notes.c - what a reader of a calibration must be told first. */
#include <math.h>
#include <stdio.h>

#include "reports/simulation_internal.h"

enum { NOTE_SIZE = 320 };
static const double ill_conditioned = 1e6;

static void note_bounds(const fel_report_process *process, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    for (size_t i = 0; i < process->n_parameters; i++) {
        const fel_report_parameter *p = &process->parameters[i];
        if (p->is_at_bound) {
            (void)snprintf(text, sizeof(text),
                           "%.80s = %.6g ended at the edge of its range, %.6g to %.6g: the quotes "
                           "do not determine it",
                           p->name, p->value, p->min, p->max);
            take(payload, "warning", text);
        }
    }
}

/* Mid prices in the money are mostly intrinsic value: their spread drowns the volatility. */
static void note_in_the_money(const fel_calibration_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    size_t n_inside = 0;
    int is_at_bound = 0;
    for (size_t i = 0; i < r->n_quotes; i++) {
        const fel_calibration_quote *q = &r->quotes[i];
        n_inside += q->is_put ? q->strike > q->forward : q->strike < q->forward;
    }
    for (size_t i = 0; i < r->process.n_parameters; i++) {
        is_at_bound = is_at_bound || r->process.parameters[i].is_at_bound;
    }
    if (is_at_bound && n_inside * 10 > r->n_quotes) {
        (void)snprintf(text, sizeof(text),
                       "%zu of %zu quotes are in the money, where the spread hides the volatility: "
                       "try the others alone (--otm-only, in a study otm_only: true)",
                       n_inside, r->n_quotes);
        take(payload, "note", text);
    }
}

static void note_starts(const fel_calibration_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    if (r->n_starts > 1 && r->n_agreeing < 2) {
        (void)snprintf(
            text, sizeof(text),
            "only %u of %u starts ended at this optimum: a better one may exist; ask for "
            "more starts",
            r->n_agreeing, r->n_starts);
        take(payload, "warning", text);
    }
    if (r->condition > ill_conditioned) {
        (void)snprintf(text, sizeof(text),
                       "the fit is nearly flat in some direction (condition %.2g): single "
                       "parameters mean little, their combination may",
                       r->condition);
        take(payload, "note", text);
    }
}

static void note_refusals(const fel_calibration_report *r, note_taker take, void *payload)
{
    char text[NOTE_SIZE];
    uint64_t refused = 0;
    for (size_t i = 0; i < r->n_refusals; i++) {
        refused += r->refusals[i].n;
    }
    if (refused > 0) {
        (void)snprintf(text, sizeof(text),
                       "%llu quotes were refused, %zu are fitted; the reasons are listed",
                       (unsigned long long)refused, r->n_quotes);
        take(payload, "note", text);
    }
}

void calibration_notes(const fel_calibration_report *r, note_taker take, void *payload)
{
    char line[FELLER_TEXT_SIZE];
    if (r->is_interrupted) {
        take(payload, "warning", "the search was interrupted: this is the best fit so far");
    }
    note_bounds(&r->process, take, payload);
    note_in_the_money(r, take, payload);
    note_starts(r, take, payload);
    note_refusals(r, take, payload);
    feller_text(&r->process, line);
    if (line[0] != '\0' && !(r->process.feller_margin > 0.0)) {
        take(payload, "note", line);
    }
    take_pairs(r->notes, r->n_notes, take, payload);
}
