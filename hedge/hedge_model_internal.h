/* hedge/hedge_model_internal.h - deltas and variance sensitivities of a book by the market's own
 * model (Heston, Merton, Bates), looked up.
 *
 * With x = ln(S / K), y = x / h, h^2 = a v + b the diffusion's expected variance to expiry and c =
 * dh^2 / dv, a call's delta = f(y, v),   dC/dv = S c / h g(y, v), f and g of order 1 and smooth:
 * tables for each date at equal steps of asinh y and of s = u / (u + u0), u = sqrt v, between them
 * cubic splines of both (second derivatives by their
 * slopes). Error against fel_greeks_european(): below 5e-6 in delta, 1e-3 in gamma x h, 1e-5 in
 * dC/dv x h / (S t); where 4 kappa theta / xi^2 is as small as 0.04, 5e-5 and 0.01, and next to no
 * variance, where delta has a corner, 1e-3 (tests/unit/hedge/test_hedge_model.c). Beyond |y| = 74
 * the value there; variances beyond their law's 1e-9 tail are computed one by one. */
#ifndef FEL_HEDGE_MODEL_INTERNAL_H
#define FEL_HEDGE_MODEL_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/hedge_model_internal.h belongs to hedge/"
#endif

#include "core/cpu.h"
#include "hedge/hedge_internal.h"

/* ---- one strike: hedge_model_table.c --------------------------------------------------------- */

typedef struct model_table model_table;

/* Calls on the market's process with the problem's rate, at dates 0 .. n_dates - 1. */
fel_status model_table_create(model_table **out, const fel_hedge_problem *problem, double strike,
                              double expiry_years);
void model_table_destroy(model_table *table); /* NULL is allowed */

/* Of calls: by S, twice by S, by v, by S and v. */
typedef struct model_greeks {
    double *delta, *gamma, *vega, *vanna;
} model_greeks;
/* n <= BOOK_CHUNK paths; variance NULL where the process has none of its own. */
void model_table_greeks(const model_table *table, size_t date, const double *spot,
                        const double *variance, size_t n, const model_greeks *out);

/* exp(-q t) to the table's expiry: by how much a put's delta is below the call's. */
double model_table_yield(const model_table *table, size_t date);
/* dC/dv about where it is greatest: S c / h phi(0) / 2. */
void model_table_peak_vega(const model_table *table, size_t date, const double *spot,
                           const double *variance, size_t n, double *out);

/* What the kernel is given: coefficients of a date, row after row of s. */
typedef struct model_axis {
    double first, inverse_step, last_cell;
} model_axis;

typedef struct model_job {
    size_t n;
    const double *spot, *variance; /* variance NULL: none */
    double strike, a, b, u0;
    model_axis w, s;
    size_t row; /* doubles from one s to the next */
    const double *delta_table, *vega_table;
    double *delta, *gamma, *vega, *vanna;
} model_job;
typedef void model_lookup_fn(const model_job *job);
model_lookup_fn *model_lookup_of(cpu_level level);

/* ---- the book: hedge_model.c ----------------------------------------------------------------- */

typedef struct hedge_model hedge_model;

/* European options and digitals. ERR_ARG where the market has no model or a claim is another. */
fel_status hedge_model_check(const fel_hedge_problem *problem, const char *who);
fel_status hedge_model_create(hedge_model **out, const fel_hedge_problem *problem, const char *who);
void hedge_model_destroy(hedge_model *model); /* NULL is allowed */
/* dV/dS and dV/dv of the book, side included: [n], n <= BOOK_CHUNK paths from `first`. */
void hedge_model_greeks(const hedge_model *model, const hedge_view *view, size_t first, size_t n,
                        double *delta, double *vega);

#endif
