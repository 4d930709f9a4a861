/* hedge/rule_internal.h - what a rule is made of. */
#ifndef FEL_HEDGE_RULE_INTERNAL_H
#define FEL_HEDGE_RULE_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/rule_internal.h belongs to hedge/"
#endif

#include "hedge/book_internal.h"
#include "hedge/hedge_model_internal.h"

/* Some paths of a date: from `first`, n of them, at most BOOK_CHUNK. */
typedef struct rule_chunk {
    const hedge_rule_args *args;
    size_t first, n;
} rule_chunk;

typedef struct hedge_rule_class {
    fel_hedge_rule_info info;
    int reads_before;
    /* What the rule takes of its problem: ERR_ARG. NULL: nothing. */
    fel_status (*prepare)(hedge_rule *rule);
    /* Positions of the chunk; all are 0 before. NULL: they stay so. */
    void (*decide)(const rule_chunk *chunk);
} hedge_rule_class;

struct hedge_rule {
    const hedge_rule_class *code;
    const fel_hedge_problem *problem;
    double params[FEL_HEDGE_RULE_MAX_PARAMS];
    size_t spot, second; /* instruments */
    double vol_per_year;
    hedge_book book;     /* Black-Scholes ones */
    hedge_model *model;  /* those of a model; else NULL */
    model_table *option; /* the second instrument's greeks; else NULL */
};

extern const hedge_rule_class rule_none, rule_black_scholes_delta, rule_black_scholes_oracle;
extern const hedge_rule_class rule_whalley_wilmott, rule_leland;
extern const hedge_rule_class rule_heston_delta, rule_heston_delta_vega, rule_min_variance_delta;

/* rule->spot: the first spot among the instruments; ERR_ARG without. */
fel_status rule_find_spot(hedge_rule *rule);
/* The problem's reference volatility where value is 0. */
double rule_vol(const hedge_rule *rule, double value);

#define RULE_VOL_ROW                                                                               \
    {                                                                                              \
        "vol_per_year", FEL_PARAM_REAL, 0.0, 0.0, 100.0, NULL,                                     \
            "volatility believed in; 0: the problem's reference volatility, known at date 0"       \
    }

#endif
