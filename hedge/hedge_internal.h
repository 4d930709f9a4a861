/* hedge/hedge_internal.h - a hedging problem as its parts see it: blocks of paths, what is seen of
 * them at a date, features, rules. */
#ifndef FEL_HEDGE_INTERNAL_H
#define FEL_HEDGE_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/hedge_internal.h belongs to hedge/"
#endif

#include <feller/hedge.h>

#include "core/arena.h"

/* ---- the problem: problem.c ------------------------------------------------------------------ */

struct fel_hedge_problem {
    arena memory;
    fel_hedge_config config; /* arrays copied into memory; NaNs replaced by what they stand for */
    double dt_years;
    double *growth; /* n_dates + 1: exp(r (T - t_k)) */
    double carry;   /* exp(q dt): what a unit of spot becomes from one date to the next */
    double premium_error;
    const char *premium_source;
    double unit[FEL_HEDGE_MAX_INSTRUMENTS];
    double cost_base[FEL_HEDGE_MAX_INSTRUMENTS]; /* what a cost's price is: 0, the instrument's own;
                                                    else this constant (vega notional) */
    int is_unwound[FEL_HEDGE_MAX_INSTRUMENTS];   /* closing at the last date costs */
    double total_variance;                       /* of the market's model at date 0; NaN without */
    double strike;    /* of the first claim that has one, else the spot: what moneyness is
                         against */
    fel_paths *paths; /* simulated */
    struct hedge_market_data *market; /* of the other kinds, and tables of quoted options */
};

/* ---- blocks of paths: market.c, claim.c, instrument.c ---------------------------------------- */

enum { HEDGE_ALIGN = 16 }; /* paths; strides are multiples of it */

/* Rows of `stride` doubles, one for each date (and instrument); paths n .. stride - 1 are copies of
 * path n - 1. */
typedef struct hedge_block {
    const fel_hedge_problem *problem;
    uint64_t first;
    size_t n, stride, max_n;
    double *spot;     /* [date] */
    double *variance; /* [date]; NULL: the market has none */
    double *price;    /* [date][instrument] */
    double *payoff;   /* what the hedger pays at the last date, side included */
    double *area;     /* integrated variance [date], where a claim needs it; else NULL */
    double *swap;     /* total variance [date], where an instrument needs it; else NULL */
    double *scratch;  /* a row */
    size_t *drawn;    /* bootstrap: which return each date has */
    void *memory;
} hedge_block;

fel_status hedge_block_create(hedge_block *out, const fel_hedge_problem *problem, size_t max_n);
void hedge_block_clear(hedge_block *block);
/* Paths first .. first + n - 1, 0 < n <= max_n, in the calling thread. Simulated paths are made 128
 * at a time, from multiples of 128: other blocks cost as much as those they lie in. */
fel_status hedge_block_fill(hedge_block *block, uint64_t first, size_t n);
/* The pilot paths that units and scales are from: FEL_HEDGE_PILOT_PATHS on, of stored paths the
 * first. At most HEDGE_N_PILOT. */
enum { HEDGE_N_PILOT = 4096 };
uint64_t hedge_pilot_first(const fel_hedge_problem *problem);
size_t hedge_pilot_count(const fel_hedge_problem *problem);

static inline double *block_spot(const hedge_block *b, size_t date)
{
    return b->spot + date * b->stride;
}
static inline double *block_variance(const hedge_block *b, size_t date)
{
    return b->variance == NULL ? NULL : b->variance + date * b->stride;
}
static inline double *block_price(const hedge_block *b, size_t date, size_t instrument)
{
    return b->price + (date * b->problem->config.n_instruments + instrument) * b->stride;
}

/* ---- what is seen at a date ------------------------------------------------------------------ */

/* All that a feature or a rule is ever given: it cannot look ahead. */
typedef struct hedge_view {
    const fel_hedge_problem *problem;
    size_t date, n, stride;
    double left_years;             /* to the last date */
    const double *spot;            /* rows of this date */
    const double *variance;        /* NULL: the market has none */
    const double *spot_before;     /* of the date before; NULL at date 0 */
    const double *variance_before; /* likewise */
    const double *price[FEL_HEDGE_MAX_INSTRUMENTS];
} hedge_view;

hedge_view hedge_view_at(const hedge_block *block, size_t date); /* market.c */

/* ---- features: hedge_feature.c --------------------------------------------------------------- */

/* A column of a policy's inputs. */
typedef struct hedge_column {
    fel_hedge_feature feature;
    size_t instrument;   /* of EACH_INSTRUMENT ones */
    double shift, scale; /* what the network gets is (value - shift) x scale */
    size_t n_state;      /* rows of state that it needs for its problem */
    void *made;          /* what its class prepared for the problem; hedge_columns_clear() */
} hedge_column;

typedef struct hedge_feature_args {
    const hedge_view *view;
    const hedge_column *column;
    double *state; /* n_state rows of the view's stride, of this column, kept from date to date;
                      unset at date 0 */
    double *out;   /* n, as it is: without shift and scale */
} hedge_feature_args;

typedef struct hedge_feature_class {
    fel_hedge_feature_info info;
    size_t n_state; /* the column's n_state unless prepare sets it */
    int needs_variance;
    /* ERR_ARG where the problem lacks what it needs; NULL: prepare says, at little cost. */
    fel_status (*check)(const fel_hedge_problem *problem, const fel_hedge_feature *feature);
    /* The same; may set n_state and made. NULL: nothing. */
    fel_status (*prepare)(const fel_hedge_problem *problem, hedge_column *column);
    void (*clear)(hedge_column *column);        /* frees made; NULL: nothing made */
    void (*at)(const hedge_feature_args *args); /* NULL: live */
} hedge_feature_class;

/* Live ones, whose columns come last and are filled by the pass. */
extern const hedge_feature_class hedge_feature_previous_position; /* / unit */
extern const hedge_feature_class hedge_feature_running_pnl;       /* / (sd of the payoff over pilot
                                                                     paths);       premium not included */
const hedge_feature_class *hedge_feature_class_of(const fel_hedge_feature *feature);
/* The problem's features as columns, live ones last; *n_live of them. Shift 0, scale 1. */
fel_status hedge_columns_make(const fel_hedge_problem *problem, hedge_column *columns, size_t most,
                              size_t *n, size_t *n_live);
/* What hedge_columns_make() would say of the features, without making tables. */
fel_status hedge_columns_check(const fel_hedge_problem *problem, size_t most);
void hedge_columns_clear(hedge_column *columns, size_t n);
/* Rows of state of all columns together: column i's are n_state rows after those of columns before
 * it. */
size_t hedge_columns_state(const hedge_column *columns, size_t n);
/* args->out of a column that is not live. */
void hedge_column_at(const hedge_feature_args *args);

/* ---- rules: rule.c --------------------------------------------------------------------------- */

/* A rule made ready for a problem: tables of deltas, implied volatilities. Immutable. */
typedef struct hedge_rule hedge_rule;

typedef struct hedge_rule_args {
    const hedge_rule *rule;
    const hedge_view *view;
    const double *before; /* positions held, [instrument][stride]; NULL for path-free rules */
    double *position;     /* to take, likewise; paths n .. stride - 1 may be anything finite */
    double *state;        /* hedge_rule_state() rows of the view's stride, kept from date to date of
                             the same paths (running extremes, strikes set late); unset at date 0 */
} hedge_rule_args;

/* ERR_ARG where the problem does not have what the rule takes (a second instrument; claims whose
 * delta has no formula), saying what. */
fel_status hedge_rule_create(hedge_rule **out, const fel_hedge_problem *problem,
                             const fel_hedge_rule *rule);
void hedge_rule_destroy(hedge_rule *rule); /* NULL is allowed */
/* Does it not read `before`? A base of residual and band heads must not. */
int hedge_rule_is_path_free(const hedge_rule *rule);
/* Does it take the view's variance where the market has one? */
int hedge_rule_reads_variance(const hedge_rule *rule);
/* Rows of state: 0 for claims that the latest price is enough for. */
size_t hedge_rule_state(const hedge_rule *rule);
/* Positions within the instruments' bounds. Dates in order: 0, 1, ... */
void hedge_rule_decide(const hedge_rule_args *args);

/* ---- costs: problem_cost.c ------------------------------------------------------------------- */

/* Of a trade of d units at this price; smooth: with fixed_width (training). *slope: by d, NULL if
 * not wanted. */
double hedge_cost_of(const fel_hedge_cost *cost, double d, double price, int smooth, double *slope);

#endif
