/* feller/cost.h - what trading costs: fee and slippage models as one-method tables with
 * derivatives, shared by the engine and by trainers so that both charge the same. */
#ifndef FEL_COST_H
#define FEL_COST_H

#include <feller/market.h>

FEL_BEGIN_DECLS

/* What a model may know of a trade. Nothing here lies in the trade's future. */
typedef struct fel_cost_query {
    int32_t side;     /* +1 buy, -1 sell */
    int32_t is_entry; /* 1: opens or adds to a position; 0: closes, or turns it round */
    double quantity;  /* > 0 */
    double price;     /* slippage: before it; fee: after it */
    double multiplier;
    fel_money notional;  /* quantity x price x multiplier, exact; >= 0 unless prices are negative */
    double known_volume; /* volume of the last complete bar; NaN if unknown */
    double half_spread;  /* of the last quote, in price; 0 on bars */
    double equity_previous;             /* equity at the previous bar's close */
    double weight_before, weight_after; /* position x price / equity, before and after the trade */
    double filled_before;               /* units of the same order that filled before this part */
} fel_cost_query;

/* Pinned: the lines of the cost waterfall. */
typedef enum fel_cost_line {
    FEL_COST_FEE = 0,
    FEL_COST_SPREAD = 1,
    FEL_COST_SLIPPAGE = 2,
    FEL_COST_IMPACT = 3,
    FEL_COST_N_LINES = 4
} fel_cost_line;

typedef struct fel_cost_class {
    uint32_t struct_size;
    fel_cost_line line;
    const char *name;
    const char *summary;
    const fel_param_spec *params;
    size_t n_params;
    int needs_weights; /* reads equity_previous, weight_before, weight_after: only then are they set
                        */
    int reserved;
    /* Fees: money charged (negative: a rebate). NULL for slippage models. */
    fel_money (*fee)(const double *params, const fel_cost_query *query);
    /* Slippage: price move against the trader, >= 0, in price. NULL for fee models. */
    double (*slip)(const double *params, const fel_cost_query *query);
    /* d(cost in money) / d(quantity); cost = fee, or slip x quantity x multiplier. */
    double (*dcost)(const double *params, const fel_cost_query *query);
} fel_cost_class;

enum { FEL_COST_MAX_PARAMS = 4 };

/* A model with its parameter values; plain data. */
typedef struct fel_cost {
    const fel_cost_class *code; /* NULL: none */
    double params[FEL_COST_MAX_PARAMS];
} fel_cost;

/* The built-in models, static storage; fees first. */
FEL_API const fel_cost_class *const *fel_cost_classes(size_t *n);

/* A model by name with its parameters at their defaults; ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_cost_find(const char *name, fel_cost *out);

FEL_END_DECLS
#endif
