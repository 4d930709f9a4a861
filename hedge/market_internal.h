/* hedge/market_internal.h - where a problem's paths come from, what is quoted on them, and the
 * checks that a configuration goes through. */
#ifndef FEL_HEDGE_MARKET_INTERNAL_H
#define FEL_HEDGE_MARKET_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/market_internal.h belongs to hedge/"
#endif

#include "hedge/hedge_internal.h"

typedef struct quote_table quote_table;

/* ---- kinds of markets ------------------------------------------------------------------------ */

typedef struct market_class {
    const char *name; /* "simulated" */
    /* Checks the market of problem->config and makes ready what it needs; config is copied. */
    fel_status (*open)(fel_hedge_problem *problem);
    /* Spot, variance, area and swap rows of the block's paths, unpadded. */
    fel_status (*fill)(hedge_block *block);
} market_class;

/* What a problem has made beside its configuration. */
typedef struct hedge_market_data {
    const market_class *kind;
    double *factors; /* bootstrap: of the price, from one close to the next, drift included */
    size_t n_factors;
    int has_variance, has_area, has_swap;           /* rows that blocks have */
    quote_table *quotes[FEL_HEDGE_MAX_INSTRUMENTS]; /* NULL: by formula */
} hedge_market_data;

extern const market_class market_simulated, market_bootstrap, market_stored;
/* NULL for a kind that is none. */
const market_class *market_class_of(fel_hedge_market_kind kind);

/* Standard deviation of log returns a year, of a market without a model. */
double market_volatility(const fel_hedge_problem *problem);

/* ---- claims: claim.c ------------------------------------------------------------------------- */

/* Do they fit the dates and what the market gives? Notes whether blocks need areas. */
fel_status claims_check(const fel_hedge_problem *problem);
/* payoff row of the block; its spot and area rows are there. */
fel_status claims_fill(hedge_block *block);
/* A parameter of a payoff by name; NaN if it has none of this name. */
double claim_param(const fel_payoff *payoff, const char *name);
/* Is it a European option? Its right and strike. */
int claim_is_european(const fel_payoff *payoff, fel_option_right *right, double *strike);

/* ---- instruments: instrument.c, instrument_check.c ------------------------------------------- */

fel_status instruments_check(const fel_hedge_config *config);
/* Tables of quotes, what costs are of, whether closing costs. */
fel_status instruments_open(fel_hedge_problem *problem);
/* Price rows from spot, variance and swap rows. */
fel_status instruments_fill(hedge_block *block);
/* Price rows are the spot's own. */
int instruments_alias_spot(const fel_hedge_problem *problem);

/* Prices of option j at date d of n paths. v may be NULL where the process has no variance. */
fel_status option_quote(const fel_hedge_problem *problem, size_t instrument, size_t date,
                        const double *spot, const double *variance, double *price, size_t n);

/* ---- tables of quotes: instrument_table.c ---------------------------------------------------- */

/* The model's price of a European option of a process with more than a volatility, given spot and
 * variance, for each of some times to expiry. */
fel_status quote_table_create(quote_table **out, const fel_hedge_problem *problem,
                              const fel_hedge_instrument *option);
void quote_table_destroy(quote_table *table); /* NULL is allowed */
fel_status quote_table_price(const quote_table *table, size_t date, const double *spot,
                             const double *variance, double *price, size_t n);

/* ---- the problem's own steps ----------------------------------------------------------------- */

fel_status problem_check(const fel_hedge_config *config);
/* Arrays and texts that config points at, into the problem's memory. */
fel_status problem_copy(fel_hedge_problem *problem, const fel_hedge_config *config);
fel_status problem_reference_vol(fel_hedge_problem *problem);
fel_status problem_premium(fel_hedge_problem *problem);
fel_status problem_units(fel_hedge_problem *problem);
/* Of the book on pilot paths, side included. */
fel_status pilot_payoff(const fel_hedge_problem *problem, double *mean, double *standard_error);

#endif
