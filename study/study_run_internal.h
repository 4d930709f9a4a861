/* study/study_run_internal.h - what a run of a study is made of: its data, engine runs over windows
 * of it, the folder that results go to. */
#ifndef FEL_STUDY_RUN_H
#define FEL_STUDY_RUN_H

#ifndef FEL_MODULE_STUDY
#error "study/study_run_internal.h belongs to study/"
#endif

#include "study/study_internal.h"

/* ---- data
 * ----------------------------------------------------------------------------------------- */

/* Rows known in (from_ns, to_ns]: a bar that closes at midnight belongs to the day before. */
typedef struct study_window {
    int64_t from_ns, to_ns;
    int64_t trade_ns; /* no order at or before this; FEL_TIME_MIN: from the first row */
} study_window;

/* One series of a study, in memory or read from its store in chunks. */
typedef struct dataset_item {
    fel_series_info info; /* with what the study says about it */
    fel_series *series;   /* NULL: streamed */
    const fel_store *store;
    size_t entry, data_index;
    uint64_t n_rows;
    study_window window; /* the study's dates in its own zone */
} dataset_item;

/* A zone that series are in, and the study's dates there. */
typedef struct dataset_zone {
    char name[FEL_ZONE_SIZE];
    fel_zone *zone;
    study_window window;
} dataset_zone;
typedef struct dataset_zones {
    dataset_zone *items;
    size_t n, capacity;
} dataset_zones;

typedef struct dataset_input {
    const char *path; /* as opened */
    const char *note; /* "3 rows quarantined: ..." or NULL */
    char hash[HASH_TEXT_SIZE];
} dataset_input;

typedef struct dataset_items {
    dataset_item *items;
    size_t n, capacity;
} dataset_items;
typedef struct dataset_inputs {
    dataset_input *items;
    size_t n, capacity;
} dataset_inputs;
/* Said on the report and by feller check. */
typedef struct dataset_warnings {
    const char **items;
    size_t n, capacity;
} dataset_warnings;
typedef struct dataset_store {
    fel_store *store;
    const char *path;
} dataset_store;
typedef struct dataset_stores {
    dataset_store *items;
    size_t n, capacity;
} dataset_stores;

/* Everything that a study reads; immutable once open, shared by threads. Zero-initialise. */
/* hedging_named.c: a hedger that a study names, as a service of engines. */
typedef struct hedging_named hedging_named;
fel_status hedging_named_open(hedging_named **out, const fel_study *study);
/* What strategies may ask for: allocations and, named not NULL, that hedger. */
const fel_service *hedging_named_services(const hedging_named *named, size_t *n);
void hedging_named_close(hedging_named *named); /* NULL is allowed */

typedef struct dataset {
    arena memory;
    dataset_items list;
    dataset_inputs inputs;
    dataset_stores stores;
    dataset_zones zones;
    dataset_warnings warnings;
    const fel_zone *zone; /* that all prices are in; NULL where they are in several */
    study_window window;  /* of the whole study, warm-up included: from the first series' begin to
                             the last one's end */
    int use_holdout;
    uint64_t n_rows; /* bars in the window; an upper bound where streamed */
    int64_t
        day_offset_ns; /* of the zone at whose midnights daily bars end; see fel_engine_config */
    int is_streamed;
    const volatile int *stop_flag; /* or NULL */
    fel_path_source *paths; /* simulated or resampled: series are those of one path; else NULL */
    hedging_named *hedger;  /* that the study names; else NULL */
} dataset;

/* Open a study's data up to its end, or its holdout unless use_holdout. may_stream: large stores
 * are read in chunks by each run instead of into memory. */
fel_status dataset_open(dataset *out, const fel_study *study, int use_holdout, int may_stream);
/* The same, where Ctrl-C is answered among simulated paths. */
fel_status dataset_open_until(dataset *out, const fel_study *study, int use_holdout, int may_stream,
                              const volatile int *stop_flag);
void dataset_close(dataset *data);

/* A file that the study reads, hashed once; note: what is to be said of it, or NULL. */
fel_status dataset_add_input(dataset *data, const char *path, const char *note);
/* Read one row of `data` into the list; window says which rows. */
fel_status dataset_add_file(dataset *data, const fel_study *study, size_t data_index);
fel_status dataset_add_store(dataset *data, const fel_study *study, size_t data_index,
                             int is_streamed);
/* All rows with `simulate`: one market, one path of it. */
fel_status dataset_add_market(dataset *data, const fel_study *study);
/* The bars that were read are drawn again: one path of them takes their place. */
fel_status dataset_draw_again(dataset *data, const fel_study *study);
/* The market of a study's simulated rows; lists that it is made from go to `memory`. */
fel_status market_source(fel_path_source **out, const fel_study *study, arena *memory);
/* Put the study's words about an instrument over what the source says, and append. Takes the
 * series, which may be NULL, also on failure. */
fel_status dataset_append(dataset *data, const fel_study *study, dataset_item *item);
/* Add an input for each series from a store: the hash of its rows in the window, whatever segments
 * they lie in and whatever else the store holds. "" where they are streamed: a run hashes what it
 * reads, see dataset_hash_streamed(). */
fel_status dataset_hash_stores(dataset *data, const fel_study *study);
/* Bytes in memory of the store entries that a study names; 0 where it reads files only. */
fel_status dataset_store_bytes(dataset *data, const fel_study *study, uint64_t *n_bytes);

/* The dates of a study as instants of a series: its days are those of its zone. */
fel_status dataset_place(dataset *data, const fel_study *study, dataset_item *item);
/* The window of the study, once every series has its own. */
void dataset_join_windows(dataset *data);

enum { SPLIT_MOST_JUMPS = 16 };

/* From the close at from_ns to the open of the bar known at to_ns. */
typedef struct split_jump {
    int64_t from_ns, to_ns;
    double before, after;
    size_t ratio; /* place in the table of study_splits.c */
} split_jump;

/* The jumps of a series of bars that look like splits. Zero-initialise. */
typedef struct split_scan {
    double close; /* of the last row */
    int64_t time_ns;
    size_t n; /* all that were met; the first are kept */
    split_jump jumps[SPLIT_MOST_JUMPS];
} split_scan;

/* Raw prices of a share? */
int dataset_may_split(const dataset_item *item);
void split_scan_rows(split_scan *scan, const fel_block *rows);
/* A warning if one of the jumps is not booked as a split. */
fel_status dataset_note_jumps(dataset *data, const dataset_item *item, const split_scan *scan);
/* Of all bars in memory; those of streams are looked at on their way to the engine. */
fel_status dataset_find_splits(dataset *data);

/* Is this something to buy and hold, rather than signals, options or swaps? */
int dataset_is_held(const dataset_item *item, const fel_study *study);

/* The number of an instrument by symbol, in the engine's order; n_instruments if there is none. */
size_t dataset_instrument(const dataset *data, const char *symbol);
size_t dataset_count_instruments(const dataset *data);

/* Distinct instants at which bars became known, ascending; malloc'ed. In-memory data only. */
fel_status dataset_clock(const dataset *data, int64_t **times, size_t *n);

/* ---- calendar
 * ------------------------------------------------------------------------------------- */

typedef struct study_clock {
    const int64_t *times;
    size_t n;
    const fel_zone *zone; /* whose days and months are counted; NULL: UTC */
} study_clock;

/* The instant one span after or before t; bars are counted on the clock, whole days, months and
 * years on the zone's calendar. Beyond the data: FEL_TIME_MAX, FEL_TIME_MIN. */
int64_t clock_after(const study_clock *clock, int64_t t, study_span span);
int64_t clock_before(const study_clock *clock, int64_t t, study_span span);
/* Number of clock times at or before t. */
size_t clock_count(const study_clock *clock, int64_t t);

/* 365 where more than one day in a hundred of these is a Saturday, else 252. */
double calendar_periods_per_year(const int64_t *times, size_t n, int64_t day_offset_ns);
/* Days since 1970-01-01 of the day that a point belongs to. */
int64_t calendar_day_of(int64_t time_ns, int64_t day_offset_ns);

/* ---- one run of the engine
 * ------------------------------------------------------------------------ */

typedef struct study_progress {
    const fel_run_options *options;
    const char *what;
    double done, total;
} study_progress;

typedef struct study_job {
    const fel_study *study;
    const dataset *data;
    study_window window;
    const fel_strategy *strategy;
    const double *params; /* NULL: defaults */
    double cash;
    fel_record record;
    int totals_only;  /* keep no order and fill records */
    int close_at_end; /* positions are closed at the window's end, costs charged */
    int hashes_rows;  /* of streamed data, for dataset_hash_streamed() */
    int is_benchmark; /* it knows no stops */
    const volatile int *stop_flag;
    study_progress *progress;     /* or NULL */
    const fel_run_options *stops; /* of its stop and its snapshots; or NULL */
} study_job;

typedef struct study_engine {
    fel_engine *engine;
    fel_source *sources;
    size_t n_sources;
    const fel_result *result;
} study_engine;

fel_status study_engine_run(study_engine *out, const study_job *job);
/* The engine's settings for a job. */
fel_engine_config study_job_config(const study_job *job);
void study_engine_clear(study_engine *run);

/* Hash what goes through an item's feed from here on, and look for splits in it. On failure the
 * feed is as it was. */
fel_status feed_hash_begin(fel_feed *feed, const dataset_item *item);
/* Put the hashes of streamed data into its inputs, after a run over all of them with hashes_rows.
 */
fel_status dataset_hash_streamed(dataset *data, const study_engine *run, int was_stopped);

fel_engine_config study_engine_config(const study_values *values);
/* study_account.c: its account; what a row of data says of its instrument's margin. */
fel_account_rules study_account_rules(const study_values *values);
void study_describe_margin(fel_instrument *instrument, const study_data *row);

/* ---- walk-forward
 * --------------------------------------------------------------------------------- */

/* One train and test window and what was chosen for it. */
typedef struct walk_window {
    int64_t train_from_ns, train_to_ns; /* purge and embargo taken off */
    int64_t test_from_ns, test_to_ns;
    size_t pick;     /* combination of the search */
    double score;    /* of the pick, in training */
    size_t n_failed; /* combinations that the strategy refused */
    const char *pick_name;
} walk_window;

typedef struct walk_windows {
    walk_window *items;
    size_t n, capacity;
} walk_windows;

fel_status walk_plan(walk_windows *out, const fel_study *study, const study_clock *clock,
                     const study_window *window);

/* The result of several windows as if of one run: orders numbered on, equity chained. */
typedef struct walk_merge walk_merge;
fel_status walk_merge_create(walk_merge **out);
void walk_merge_destroy(walk_merge *merge);
/* first_bars: by instrument, bars of its series before the first that this run saw. */
fel_status walk_merge_add(walk_merge *merge, const fel_result *result, const uint64_t *first_bars);
/* Borrowed from the merge; flags are added to those of the windows. */
const fel_result *walk_merge_result(walk_merge *merge, uint32_t flags);

/* ---- a study's outcome
 * ---------------------------------------------------------------------------- */

/* What one study (a variant, without its sweep) gave. */
typedef struct outcome {
    study_engine run;  /* plain runs */
    walk_merge *merge; /* walk-forward */
    walk_windows windows;
    arena memory;
    const fel_result *result;
    double periods_per_year;
    study_window scored; /* what the result is about: the benchmark runs over it */
    int is_cut_short;    /* windows are missing at the end: ruined or stopped */
} outcome;

typedef struct outcome_options {
    const fel_run_options *run;
    fel_record record;
    study_progress *progress;
    int n_threads;
} outcome_options;

fel_status outcome_make(outcome *out, const fel_study *study, const dataset *data,
                        const outcome_options *options);
void outcome_clear(outcome *out);
fel_status outcome_walk(outcome *out, const fel_study *study, const dataset *data,
                        const outcome_options *options);

/* Score of a result's daily returns by a metric; NaN where it has none. ERR_NOMEM only. */
fel_status score_result(const fel_result *result, const fel_metric_class *metric,
                        double periods_per_year, double risk_free_per_year, double *score);

/* The numbers of a variant, by the metrics that the report uses; name and hash are left alone. */
fel_status score_variant(fel_report_variant *numbers, const fel_study *study, const outcome *made);

/* Equity at the end of each day and the day's simple return; in an arena. */
typedef struct equity_line {
    int64_t *days_ns;
    double *equity, *returns;
    size_t n;
} equity_line;
fel_status score_days(const fel_result *result, arena *memory, equity_line *out);

/* ---- sweep
 * ---------------------------------------------------------------------------------------- */

typedef enum variant_state {
    VARIANT_NOT_RUN = 0,
    VARIANT_DONE = 1,
    VARIANT_REFUSED = 2
} variant_state;

typedef struct sweep_row {
    const char *name;
    variant_state state;
    const char *message; /* of the strategy that refused */
    fel_report_variant numbers;
    double rank_score;
    char order_hash[HASH_TEXT_SIZE];
} sweep_row;

typedef struct sweep {
    arena memory;
    sweep_row *rows; /* in the order of combinations */
    size_t n, n_done, best;
    size_t *order; /* indices of those done, best first */
} sweep;

fel_status sweep_run(sweep *out, const fel_study *study, const dataset *data,
                     const fel_run_options *options);
void sweep_clear(sweep *s);
/* Do some of the keys decide what is loaded? */
int sweep_changes_data(const fel_study *study);
fel_status sweep_write_csv(const sweep *s, const fel_study *study, const char *folder);
/* equity.csv without a report: what the engine recorded. */
fel_status equity_write_csv(const fel_result *result, const char *folder);
fel_status walk_write_csv(const walk_windows *windows, const char *folder);

#endif
