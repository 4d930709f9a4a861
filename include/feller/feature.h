/* feller/feature.h - what a forecaster sees and what it is to learn: features, targets, scaling.
 *
 * A feature is a stream: it is given one bar after another and gives its numbers after each, so it
 * cannot see a later one; training and live use share the object. Everything is in double;
 * float begins behind the scaler. docs/features.md has every formula and rule. */
#ifndef FEL_FEATURE_H
#define FEL_FEATURE_H

#include <feller/data.h>

FEL_BEGIN_DECLS

/* ---- features -------------------------------------------------------------------------------- */

/* One bar as a feature sees it. Prices and volumes are adjusted for the splits and dividends that
 * lie behind the bar, never for later ones. */
typedef struct fel_feature_input {
    fel_bar bar;
    int64_t wall_ns; /* wall clock of the data's zone in the bar's last nanosecond */
    double signal;   /* latest number known at the bar's time; NaN: none */
} fel_feature_input;

enum { FEL_FEATURE_MAX_PARAMS = 4, FEL_FEATURE_MAX_OUTPUTS = 4, FEL_FEATURE_LABEL_SIZE = 96 };

/* A row of the table. `NAME: VALUE` in a study sets the first parameter, or the column where
 * inputs has FEL_INPUT_SIGNAL. */
typedef struct fel_feature_class {
    uint32_t struct_size;
    uint32_t inputs;
    const char *name;    /* "sma_ratio" */
    const char *summary; /* one line, no full stop */
    const char *formula; /* in letters that docs/features.md explains */
    const fel_param_spec *params;
    size_t n_params;
    const char *const *outputs; /* names of n_outputs numbers; NULL: one, named as the feature */
    size_t n_outputs;
    /* What ranges cannot say; NULL: nothing. */
    fel_status (*check)(const double *params);
    /* Rows that have no value, from the first: NaN there and nowhere else. NULL: none. */
    size_t (*warm_up)(const double *params);
    /* Bytes of state, zeroed before start; NULL: none. */
    size_t (*state_size)(const double *params);
    void (*start)(void *state, const double *params);
    /* One more bar: out[n_outputs], NaN while warming up. */
    void (*push)(void *state, const fel_feature_input *in, double *out);
} fel_feature_class;

/* A feature with its parameter values; plain data. */
typedef struct fel_feature {
    const fel_feature_class *code;
    double params[FEL_FEATURE_MAX_PARAMS];
    char column[FEL_COLUMN_NAME_SIZE]; /* of the signal series, where it reads one; else "" */
} fel_feature;

/* All features, static storage. */
FEL_API const fel_feature_class *const *fel_feature_classes(size_t *n);

/* A feature by name with its defaults; ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_feature_find(const char *name, fel_feature *out);

/* ERR_RANGE or ERR_ARG with the feature, the parameter and what is allowed. */
FEL_API FEL_NODISCARD fel_status fel_feature_check(const fel_feature *feature);

FEL_API size_t fel_feature_warm_up(const fel_feature *feature);

/* "macd(12,26,9).signal"; output counts from 0. Always terminated. */
FEL_API void fel_feature_label(const fel_feature *feature, size_t output, char *text, size_t size);

/* ---- streams --------------------------------------------------------------------------------- */

/* Several features over one series. */
typedef struct fel_feature_stream fel_feature_stream;

typedef struct fel_feature_plan {
    uint32_t struct_size;
    uint32_t reserved;
    const fel_feature *features; /* copied */
    size_t n_features;
    const char *symbol; /* for messages; NULL: "" */
    const char *zone;   /* IANA name for calendar features; NULL or "": UTC */
    /* Signal columns that push will be given values of. */
    const char (*columns)[FEL_COLUMN_NAME_SIZE];
    size_t n_columns;
    /* 0, or at least 2: every number becomes its z-score among its latest so many, itself
     * included; warm-up is longer by one less. See fel_scale_rolling_bars(). */
    size_t rolling_bars;
} fel_feature_plan;

FEL_API fel_feature_plan fel_feature_plan_default(const fel_feature *features, size_t n_features);

/* ERR_ARG, ERR_RANGE, ERR_NOTFOUND (a column that is not there), ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_feature_stream_create(fel_feature_stream **out,
                                                           const fel_feature_plan *plan);
FEL_API void fel_feature_stream_destroy(fel_feature_stream *stream); /* NULL is allowed */

/* Numbers a row. */
FEL_API size_t fel_feature_stream_width(const fel_feature_stream *stream);
/* Rows without all of them, from the first; signals may need more, see is_ready. */
FEL_API size_t fel_feature_stream_warm_up(const fel_feature_stream *stream);

/* One more bar, later than all before: out[width], NaN where still warming up. signals: values of
 * the plan's columns, the latest known at the bar's time (NaN: no opinion); NULL without columns.
 * ERR_RANGE with row, feature and value for a price that is not above 0, a volume that is none, a
 * high below the low, or a number that is not finite; the stream must not be used then. */
FEL_API FEL_NODISCARD fel_status fel_feature_stream_push(fel_feature_stream *stream,
                                                         const fel_bar *bar, const double *signals,
                                                         double *out);

/* Were all numbers of the latest row there? */
FEL_API int fel_feature_stream_is_ready(const fel_feature_stream *stream);

/* A split or dividend between the latest bar and the next: prices after it are multiplied so that
 * they go on from those before. A dividend is put into the price at the latest close. ERR_RANGE: a
 * split that is not above 0, a dividend that is not below that close. */
FEL_API FEL_NODISCARD fel_status fel_feature_stream_action(fel_feature_stream *stream,
                                                           const fel_action *action);

/* ---- targets --------------------------------------------------------------------------------- */

/* Where a position that is decided on at a bar's close begins and ends. */
typedef enum fel_entry {
    FEL_ENTRY_NEXT_OPEN = 0, /* the next bar's open, as the engine fills by default */
    FEL_ENTRY_SAME_CLOSE = 1 /* that close itself, as papers have it */
} fel_entry;

enum { FEL_TARGET_MAX_PARAMS = 4, FEL_TARGET_LABEL_SIZE = 96 };

/* What a target is made of. */
typedef struct fel_target_view {
    double simple_return; /* over the horizon, between the prices that fel_entry names */
    const double *closes; /* of the series, adjusted; only [0 .. row] may be read */
    size_t row;           /* of the decision */
} fel_target_view;

typedef struct fel_target_class {
    uint32_t struct_size;
    uint32_t is_ranked; /* value is given the place among the series of one instant instead */
    const char *name, *summary, *formula;
    const fel_param_spec *params;
    size_t n_params;
    size_t (*horizon)(const double *params); /* bars from entry to exit; at least 1 */
    /* NaN: none at this row. */
    double (*value)(const double *params, const fel_target_view *view);
    /* Ranked: place 0 (the lowest return) .. 1 (the highest), ties share the mean. */
    double (*ranked)(const double *params, double place);
} fel_target_class;

typedef struct fel_target {
    const fel_target_class *code;
    double params[FEL_TARGET_MAX_PARAMS];
} fel_target;

FEL_API const fel_target_class *const *fel_target_classes(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_target_find(const char *name, fel_target *out);
FEL_API FEL_NODISCARD fel_status fel_target_check(const fel_target *target);
FEL_API size_t fel_target_horizon(const fel_target *target);
FEL_API void fel_target_label(const fel_target *target, char *text, size_t size);

/* ---- scaling --------------------------------------------------------------------------------- */

enum { FEL_SCALE_MAX_PARAMS = 4, FEL_SCALER_ARRAYS = 3 };

/* What was found in one column. */
typedef struct fel_scale_fit {
    double center, spread; /* scaled = (x - center) / spread; spread 0: it does not vary */
} fel_scale_fit;

typedef struct fel_scale_class {
    uint32_t struct_size;
    uint32_t is_rolling; /* done by the feature stream over `bars` rows; nothing is fitted */
    const char *name, *summary, *formula;
    const fel_param_spec *params;
    size_t n_params;
    /* From a column of n >= 1 finite numbers, which it may put into another order. NULL: nothing is
     * fitted, numbers stay as they are. */
    fel_scale_fit (*fit)(const double *params, double *column, size_t n);
} fel_scale_class;

typedef struct fel_scale {
    const fel_scale_class *code;
    double params[FEL_SCALE_MAX_PARAMS];
} fel_scale;

FEL_API const fel_scale_class *const *fel_scale_classes(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_scale_find(const char *name, fel_scale *out);
FEL_API FEL_NODISCARD fel_status fel_scale_check(const fel_scale *scale);
/* For fel_feature_plan.rolling_bars: 0 unless the scale is a rolling one. */
FEL_API size_t fel_scale_rolling_bars(const fel_scale *scale);

/* A fitted scale; immutable, may be shared by threads. */
typedef struct fel_scaler fel_scaler;

/* Fit to rows picked[0 .. n_picked) of a matrix (NULL: all). A column that does not vary is only
 * shifted, and counted. ERR_SHAPE: no rows or columns; ERR_RANGE: a number that is not finite. */
FEL_API FEL_NODISCARD fel_status fel_scaler_fit(fel_scaler **out, const fel_scale *scale,
                                                fel_cmat rows, const size_t *picked,
                                                size_t n_picked);
FEL_API void fel_scaler_destroy(fel_scaler *scaler); /* NULL is allowed */

FEL_API size_t fel_scaler_width(const fel_scaler *scaler);
/* Columns that did not vary: worth a warning. */
FEL_API size_t fel_scaler_count_constant(const fel_scaler *scaler);

/* One row to float. ERR_RANGE with the column (from 0) where the outcome is not finite. */
FEL_API FEL_NODISCARD fel_status fel_scaler_apply(const fel_scaler *scaler, const double *row,
                                                  float *out);

/* A list of numbers with a name, for checkpoints; borrowed. */
typedef struct fel_named_array {
    const char *name;
    const double *values;
    size_t n;
} fel_named_array;

/* All that a scaler is: "scale_center", "scale_spread", "scale_clip". Good while it lives. */
FEL_API void fel_scaler_export(const fel_scaler *scaler, fel_named_array out[FEL_SCALER_ARRAYS]);
/* And back, to the same bits; arrays of other names are passed over. ERR_NOTFOUND, ERR_SHAPE,
 * ERR_RANGE with the array. */
FEL_API FEL_NODISCARD fel_status fel_scaler_import(fel_scaler **out, const fel_named_array *arrays,
                                                   size_t n_arrays);

FEL_END_DECLS
#endif
