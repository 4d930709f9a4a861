/* reports/hedge_report_internal.h - parts of a hedging report's writers: checks, notes, sections of
 * the JSON, blocks of the terminal text, tables as CSV. */
#ifndef FEL_REPORTS_HEDGE_REPORT_INTERNAL_H
#define FEL_REPORTS_HEDGE_REPORT_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/hedge_report_internal.h belongs to reports/: others use feller/report_hedge.h"
#endif

#include <feller/report_hedge.h>

#include "reports/simulation_internal.h"

/* ---- checks (hedge_check.c, hedge_check_parts.c) --------------------------------------------- */

fel_status hedgers_check(const fel_hedge_report *r); /* ERR_ARG */
/* Comparisons, training, surfaces, samples, frontier, lives. */
fel_status hedgers_check_parts(const fel_hedge_report *r);
fel_status check_names(const char *const *names, size_t n, const char *what);

/* ---- what follows from the numbers (hedge_report_summary.c) ---------------------------------- */

/* The hedger with the best number of a measure; oracles do not count. n_hedgers: none, as of
 * measures of which neither more nor less is better. */
size_t hedgers_best(const fel_hedge_report *r, size_t measure);
/* By name; n_measures: none. */
size_t hedgers_measure(const fel_hedge_report *r, const char *name);

/* The lives that a hedger was run on, numbers per unit of spot at the start. */
typedef struct hedgers_lives {
    size_t n;
    double mean, deviation, min, max; /* of P&L; deviation with ddof 1 */
    double cost_mean;
} hedgers_lives;
hedgers_lives hedgers_lives_of(const fel_hedge_report *r, size_t hedger);

/* Does a comparison stand beside a published number? */
int hedgers_has_claims(const fel_hedge_report *r);

/* ---- notes (hedge_notes.c) ------------------------------------------------------------------- */

void hedgers_notes(const fel_hedge_report *r, note_taker take, void *payload);

/* ---- JSON: each puts one value, without a key ------------------------------------------------ */

fel_status hedgers_put_json(const void *report, FILE *stream); /* hedge_json.c */

void hedgers_json_study(json_writer *w, const void *report); /* hedge_json_scores.c */
void hedgers_json_instruments(json_writer *w, const void *report);
void hedgers_json_measures(json_writer *w, const void *report);
void hedgers_json_hedgers(json_writer *w, const void *report);
void hedgers_json_comparisons(json_writer *w, const void *report);

void hedgers_json_curves(json_writer *w, const void *report); /* hedge_json_lines.c */
void hedgers_json_trials(json_writer *w, const void *report);
void hedgers_json_frontier(json_writer *w, const void *report);
void hedgers_json_surfaces(json_writer *w, const void *report);
void hedgers_json_samples(json_writer *w, const void *report);
void hedgers_json_spectra(json_writer *w, const void *report);
void hedgers_json_lives(json_writer *w, const void *report);

/* ---- terminal -------------------------------------------------------------------------------- */

/* A number of a unit with five digits that count; "-" for NaN. */
void hedgers_number(fel_metric_unit unit, double value, char text[SIM_TEXT_SIZE]);

void hedgers_text_hedgers(const fel_hedge_report *r, FILE *f); /* hedge_text_scores.c */
void hedgers_text_tails(const fel_hedge_report *r, FILE *f);
void hedgers_text_measures(const fel_hedge_report *r, FILE *f);

void hedgers_text_comparisons(const fel_hedge_report *r, FILE *f); /* hedge_text_parts.c */
void hedgers_text_trials(const fel_hedge_report *r, FILE *f);
void hedgers_text_frontier(const fel_hedge_report *r, FILE *f);
void hedgers_text_lives(const fel_hedge_report *r, FILE *f);

/* ---- CSV (hedge_csv.c) ----------------------------------------------------------------------- */

fel_status hedgers_put_hedgers(const void *report, FILE *stream);
fel_status hedgers_put_comparisons(const void *report, FILE *stream);
fel_status hedgers_put_training(const void *report, FILE *stream);
fel_status hedgers_put_frontier(const void *report, FILE *stream);
fel_status hedgers_put_lives(const void *report, FILE *stream);

#endif
