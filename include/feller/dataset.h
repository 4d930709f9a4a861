/* feller/dataset.h - from series to samples: panels, windows that move through time, folds.
 *
 *     panel    features and targets of one or several series, once, unscaled
 *     windows  spans of time: train, validation, test
 *     fold     the samples of one window, purged, scaled by what its training rows say
 *
 * Spans are half-open, (from, to]: what is known at a boundary belongs to the earlier one. */
#ifndef FEL_DATASET_H
#define FEL_DATASET_H

#include <feller/feature.h>
#include <feller/train.h>

FEL_BEGIN_DECLS

/* ---- panel ----------------------------------------------------------------------------------- */

/* One series and what lies beside it; borrowed while the panel is made. */
typedef struct fel_panel_series {
    const fel_series *bars;
    const fel_series *signals; /* NULL: none */
    const fel_series *actions; /* NULL: none; which of them count depends on bars' adjustment */
} fel_panel_series;

typedef struct fel_panel_config {
    uint32_t struct_size;
    fel_entry entry;
    const fel_feature *features;
    size_t n_features;
    const fel_target *targets;
    size_t n_targets;
    const fel_panel_series *series;
    size_t n_series;
    size_t sequence;     /* rows of a sample */
    size_t hold_bars;    /* how long the position lasts whose return fel_dataset.returns gives */
    size_t rolling_bars; /* fel_scale_rolling_bars() of the scale to be used */
} fel_panel_config;

/* Entry next_open, sequence 1, positions held one bar; features, targets, series to be set. */
FEL_API fel_panel_config fel_panel_config_default(void);

/* Rows of all series, one series after another, and samples in order of time, then of series.
 * Immutable; may be shared by threads. */
typedef struct fel_panel fel_panel;

/* A sample is `sequence` rows of one series, none of them warm-up. Those whose targets are not
 * known yet are there too: NaN targets and returns, target time FEL_TIME_MAX. */
typedef struct fel_samples {
    size_t n_rows, n_columns;
    const double *rows; /* n_rows x n_columns; NaN in warm-up */
    size_t n, n_targets, sequence;
    const size_t *last_rows;        /* n */
    const uint32_t *series;         /* n: which of the config's */
    const int64_t *times_ns;        /* n: when the last row is known */
    const double *targets;          /* n x n_targets */
    const int64_t *target_times_ns; /* n: when all targets and the return are known */
    const double *returns;          /* n: simple, of a position of 1 decided on at times_ns */
} fel_samples;

/* ERR_ARG, ERR_RANGE: what is wrong with features, targets or a number of the data, with symbol,
 * row and value; ERR_SHAPE: a series too short for one sample, with the bars needed and there. */
FEL_API FEL_NODISCARD fel_status fel_panel_create(fel_panel **out, const fel_panel_config *config);
FEL_API void fel_panel_destroy(fel_panel *panel); /* NULL is allowed */
FEL_API const fel_samples *fel_panel_samples(const fel_panel *panel);
/* "macd(12,26,9).signal"; NULL past the last column. */
FEL_API const char *fel_panel_column(const fel_panel *panel, size_t column);
FEL_API const char *fel_panel_target(const fel_panel *panel, size_t target);
FEL_API const char *fel_panel_symbol(const fel_panel *panel, size_t series);

/* ---- windows --------------------------------------------------------------------------------- */

typedef struct fel_span {
    int64_t from_ns, to_ns; /* (from, to]; empty if to <= from */
} fel_span;

typedef struct fel_window {
    fel_span train, validation, test; /* in this order in time; validation may be empty */
} fel_window;

typedef struct fel_windows {
    fel_window *items;
    size_t n, capacity;
} fel_windows;
FEL_API void fel_windows_clear(fel_windows *windows);

typedef enum fel_length_unit {
    FEL_LENGTH_BARS = 0,  /* instants of the calendar given */
    FEL_LENGTH_NS = 1,    /* whole days: of the wall clock */
    FEL_LENGTH_MONTHS = 2 /* of the wall clock; 12 for a year */
} fel_length_unit;

typedef struct fel_length {
    fel_length_unit unit;
    uint32_t reserved;
    int64_t amount; /* 0: nothing */
} fel_length;

/*   train                     gap   validation      gap   test
 *   |-------------------------|.....|---------------|.....|------------|
 * A gap is purge and embargo. */
typedef struct fel_window_config {
    uint32_t struct_size;
    int is_anchored;  /* every window begins at the start; else they roll */
    fel_length train; /* from a window's beginning to its test */
    fel_length
        first_train; /* of the first window, which grows to `train`; 0: full from the start */
    fel_length test;
    fel_length step;       /* 0: test; not shorter than test */
    fel_length validation; /* the last of a window; or */
    double
        validation_share; /* ... that share of its bars; floor(n (1 - share)) are left to train */
    fel_length purge, embargo;
    int64_t start_ns;     /* FEL_TIME_MIN: with the first bar (months, days: the day of it) */
    const fel_zone *zone; /* whose days and months; NULL: UTC */
} fel_window_config;

FEL_API fel_window_config fel_window_config_default(void);

/* Windows over a calendar of instants, rising. The last test span is cut short by the data's end;
 * spans of time without a bar to test are passed over. ERR_SHAPE: fewer bars than one window needs;
 * it says how many that is and how many there are. ERR_ARG: lengths that contradict each other. */
FEL_API FEL_NODISCARD fel_status fel_windows_plan(fel_windows *out, const fel_window_config *config,
                                                  const int64_t *times_ns, size_t n);

/* ---- choosing samples ------------------------------------------------------------------------ */

typedef struct fel_selection {
    fel_span span;
    int64_t known_by_ns; /* the target must be known then; FEL_TIME_MAX: need not be known */
    /* Stretches to test on: samples in them are left out, those whose target is known only after
     * one has begun, those after it that begin before its last target is known, and of the
     * instants behind that one so many more. */
    const fel_span *tests;
    size_t n_tests;
    size_t embargo_bars;
} fel_selection;

/* Indices of samples, rising; room for samples->n of them. */
FEL_API void fel_samples_select(const fel_samples *samples, const fel_selection *selection,
                                size_t *indices, size_t *n);

/* ---- folds ----------------------------------------------------------------------------------- */

typedef struct fel_picks {
    const size_t *train, *validation, *test; /* indices of samples, rising */
    size_t n_train, n_validation, n_test;
} fel_picks;

typedef struct fel_fold fel_fold;

/* Scale fitted to the rows of the training samples, each row once, and applied to all. Samples of
 * train and validation must have their targets. ERR_SHAPE: nothing to train on; ERR_RANGE: a
 * scaled number beyond float, with its feature. */
FEL_API FEL_NODISCARD fel_status fel_fold_create(fel_fold **out, const fel_panel *panel,
                                                 const fel_picks *picks, const fel_scale *scale);

/* The samples of a window: of train and validation those whose targets are known before the next
 * span begins, of test all. ERR_SHAPE: none to train on, or none to validate where the window has
 * a validation. */
FEL_API FEL_NODISCARD fel_status fel_fold_of_window(fel_fold **out, const fel_panel *panel,
                                                    const fel_window *window,
                                                    const fel_scale *scale);
FEL_API void fel_fold_destroy(fel_fold *fold); /* NULL is allowed */

/* Borrowed; good while the fold lives (the panel may go). The three share their rows. In test,
 * targets and returns may be NaN with target time FEL_TIME_MAX. */
FEL_API const fel_dataset *fel_fold_train(const fel_fold *fold);
FEL_API const fel_dataset *fel_fold_validation(const fel_fold *fold);
FEL_API const fel_dataset *fel_fold_test(const fel_fold *fold);
/* Which of the panel's series each sample of these is of. */
FEL_API const uint32_t *fel_fold_test_series(const fel_fold *fold);
FEL_API const fel_scaler *fel_fold_scaler(const fel_fold *fold);
/* Targets of the training samples that do not vary: nothing can be learned of those. */
FEL_API size_t fel_fold_count_flat_targets(const fel_fold *fold);

FEL_END_DECLS
#endif
