/* reports/simulation_internal.h - what the writers of Monte Carlo, calibration and hedging
 * reports share: files, notes, parts of the JSON, numbers as people read them. */
#ifndef FEL_REPORTS_SIMULATION_INTERNAL_H
#define FEL_REPORTS_SIMULATION_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/simulation_internal.h belongs to reports/: others use feller/report_simulation.h"
#endif

#include <feller/report_simulation.h>

#include "reports/json_internal.h"

/* NULL as "". */
static inline const char *text_of(const char *text)
{
    return text != NULL ? text : "";
}

/* ---- checks (simulation_check.c, montecarlo_check.c, calibration_check.c) -------------------- */

fel_status montecarlo_check(const fel_montecarlo_report *r);   /* ERR_ARG */
fel_status calibration_check(const fel_calibration_report *r); /* ERR_ARG */

/* ERR_ARG unless there is an array where there is a count. */
fel_status check_array(const void *items, size_t n, const char *name);
fel_status check_pairs(const fel_report_pair *pairs, size_t n, const char *name);
fel_status check_process(const fel_report_process *process);
fel_status check_bins(const fel_report_bins *bins, const char *name);

/* ---- files (simulation_files.c) -------------------------------------------------------------- */

typedef fel_status (*simulation_put)(const void *report, FILE *stream);

typedef struct simulation_file {
    const char *name;
    fel_report_files kind;
    simulation_put put;
} simulation_file;

/* Those of the kinds asked for. */
fel_status simulation_write_files(const void *report, const char *folder, unsigned kinds,
                                  const simulation_file *files, size_t n);
/* The page around the JSON that put_json() makes. */
fel_status simulation_put_page(const void *report, FILE *stream, simulation_put put_json);

/* ---- notes (montecarlo_notes.c, calibration_notes.c) ----------------------------------------- */

/* Told each note: severity ("warning", "note") and text, both valid during the call. */
typedef void (*note_taker)(void *payload, const char *severity, const char *text);
void montecarlo_notes(const fel_montecarlo_report *r, note_taker take, void *payload);
void calibration_notes(const fel_calibration_report *r, note_taker take, void *payload);

enum { FELLER_TEXT_SIZE = 200 };
/* The line on the Feller condition; "" without a variance of its own. */
void feller_text(const fel_report_process *process, char text[FELLER_TEXT_SIZE]);
/* That line, where the condition does not hold: a property to know about, not a fault. */
void note_process(const fel_report_process *process, note_taker take, void *payload);
void take_pairs(const fel_report_pair *pairs, size_t n, note_taker take, void *payload);

/* ---- JSON (simulation_json.c) ---------------------------------------------------------------- */

typedef void (*simulation_section)(json_writer *w, const void *report);

typedef struct simulation_key {
    const char *key;
    simulation_section put;
} simulation_key;

/* A map of sections, one a line. */
fel_status simulation_put_json(const void *report, FILE *stream, const simulation_key *keys,
                               size_t n);
void json_put_pairs(json_writer *w, const char *key, const fel_report_pair *pairs, size_t n);
void json_put_process(json_writer *w, const char *key, const fel_report_process *process);
void json_put_table_head(json_writer *w, const char *const *columns, size_t n);
/* {edges, counts, n_below, n_above}; null without bins. */
void json_put_bins(json_writer *w, const char *key, const fel_report_bins *bins);
/* A list of rows; null without values. */
void json_put_grid(json_writer *w, const char *key, const double *values, size_t n_rows,
                   size_t n_columns);
/* To so many digits that count: of lines that are only drawn. */
void json_put_rounded(json_writer *w, const char *key, double value, int digits);
/* Of n points every so many-th, so that at most about `most` are left. */
static inline size_t stride_of(size_t n, size_t most)
{
    return n > most ? (n + most - 1) / most : 1;
}
/* A note_taker; payload: the json_writer, in a list. */
void json_take_note(void *writer, const char *severity, const char *text);

/* ---- terminal (simulation_text.c) ------------------------------------------------------------ */

enum { SIM_TEXT_SIZE = 80 };
/* A number of a unit, short: "12.34 %", "1.234", "102,345.67", "-" for NaN. */
void unit_text(fel_metric_unit unit, double value, char text[SIM_TEXT_SIZE]);
/* So many digits that count, "-" for NaN. */
void real_text(int digits, double value, char text[SIM_TEXT_SIZE]);
/* A note_taker; payload: the FILE. */
void text_take_note(void *file, const char *severity, const char *text);
void text_process(const fel_report_process *process, FILE *f);
void text_pairs(const char *title, const fel_report_pair *pairs, size_t n, FILE *f);
fel_status text_end(FILE *f); /* ERR_IO if anything could not be written */

/* ---- maturities of a chain (calibration_maturity.c) ------------------------------------------ */

/* The quotes of one maturity: count of them from `first` on, and how they are fitted. */
typedef struct maturity_fit {
    size_t first, n;
    double t_years, forward;
    double rmse_vol_points;       /* over quotes with both volatilities; NaN: none */
    double mean_vol_points;       /* of model - market */
    double market_vol, model_vol; /* at the forward, linear in strike; NaN: not between strikes */
} maturity_fit;

/* The maturity that starts at quote `first`. */
maturity_fit maturity_at(const fel_calibration_report *r, size_t first);
/* model - market volatility of a quote, in volatility points; NaN. */
double vol_points(const fel_calibration_quote *quote);

/* Quotes whose model volatility lies between bid and ask, of those that have both. */
typedef struct spread_hits {
    size_t n_inside, n;
} spread_hits;
spread_hits hits_of(const fel_calibration_report *r);

/* ---- writers of one kind ----------------------------------------------------------------------
 */

fel_status montecarlo_put_json(const void *report, FILE *stream);  /* montecarlo_json.c */
fel_status montecarlo_put_paths(const void *report, FILE *stream); /* montecarlo_csv.c */
fel_status montecarlo_put_scores(const void *report, FILE *stream);
fel_status montecarlo_put_fan(const void *report, FILE *stream);
fel_status calibration_put_json(const void *report, FILE *stream);   /* calibration_json.c */
fel_status calibration_put_quotes(const void *report, FILE *stream); /* calibration_csv.c */

#endif
