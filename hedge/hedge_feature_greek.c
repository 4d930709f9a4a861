/* hedge/hedge_feature_greek.c - features that are greeks of the book: what the rules of the same
 * name would hold before bounds. */
#include <math.h>
#include <stdlib.h>

#include "hedge/book_internal.h"
#include "hedge/hedge_feature_internal.h"
#include "hedge/hedge_model_internal.h"

enum { VOL, HALF_LIFE };
enum { AT_REFERENCE, AT_SPOT_VARIANCE, AT_REALISED };

static const fel_param_spec rows[] = {
    {"vol", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "reference|spot_variance|realised",
     "the volatility: the problem's reference, the market's now, or estimated as "
     "realised_volatility"},
    {"half_life_dates", FEL_PARAM_REAL, 10.0, 0.1, 1e4, NULL,
     "of the estimate: dates after which a squared return weighs half"}};

/* ---- Black-Scholes --------------------------------------------------------------------------- */

static fel_status book_prepare(const fel_hedge_problem *problem, hedge_column *column)
{
    const char *name = column->feature.info->name;
    const int source = (int)column->feature.params[VOL];
    if (source == AT_SPOT_VARIANCE && !hedge_market_has_variance(problem)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "feature %s at spot_variance needs the market's variance, which it does "
                         "not show",
                         name);
    }
    hedge_book *book = calloc(1, sizeof(*book));
    if (book == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for feature %s", name);
    }
    const fel_status status = hedge_book_make(book, problem, name);
    if (status != FEL_OK) {
        free(book);
        return status;
    }
    column->made = book;
    column->n_state = book->n_state + (source == AT_REALISED ? 1 : 0);
    return FEL_OK;
}

static void book_clear(hedge_column *column)
{
    free(column->made);
}

/* Variances of n paths from `first`; the estimate is the last row of state. */
static void fill_variance(const hedge_feature_args *args, size_t first, size_t n, double *variance)
{
    const hedge_view *view = args->view;
    const hedge_book *book = args->column->made;
    const double reference = view->problem->config.reference_vol;
    const int source = (int)args->column->feature.params[VOL];
    for (size_t i = 0; i < n; i++) {
        if (source == AT_REFERENCE) {
            variance[i] = reference * reference;
        } else if (source == AT_SPOT_VARIANCE) {
            variance[i] = fmax(view->variance[first + i], 0.0);
        } else {
            variance[i] = args->state[book->n_state * view->stride + first + i];
        }
    }
}

typedef struct greeks {
    double variance[BOOK_CHUNK], delta[BOOK_CHUNK], gamma[BOOK_CHUNK];
} greeks;

/* A chunk's delta and gamma, state brought to this date. */
static void greeks_of(const hedge_feature_args *args, size_t first, size_t n, greeks *out)
{
    fill_variance(args, first, n, out->variance);
    const hedge_book_args of = {.book = args->column->made,
                                .view = args->view,
                                .first = first,
                                .n = n,
                                .variance = out->variance,
                                .state = args->state,
                                .delta = out->delta,
                                .gamma = out->gamma};
    hedge_book_update(&of);
    hedge_book_greeks(&of);
}

static void book_at(const hedge_feature_args *args, int is_gamma)
{
    const hedge_view *view = args->view;
    const hedge_book *book = args->column->made;
    greeks at;
    if ((int)args->column->feature.params[VOL] == AT_REALISED) {
        hedge_estimate_variance(view, args->column->feature.params[HALF_LIFE],
                                args->state + book->n_state * view->stride);
    }
    for (size_t first = 0; first < view->n; first += BOOK_CHUNK) {
        const size_t left = view->n - first, n = left < BOOK_CHUNK ? left : BOOK_CHUNK;
        greeks_of(args, first, n, &at);
        for (size_t i = 0; i < n; i++) {
            args->out[first + i] = is_gamma ? at.gamma[i] * view->spot[first + i] : at.delta[i];
        }
    }
}

static void delta_at(const hedge_feature_args *args)
{
    book_at(args, 0);
}

static void gamma_at(const hedge_feature_args *args)
{
    book_at(args, 1);
}

/* ---- the market's model ---------------------------------------------------------------------- */

static fel_status model_check(const fel_hedge_problem *problem, const fel_hedge_feature *feature)
{
    return hedge_model_check(problem, feature->info->name);
}

static fel_status model_prepare(const fel_hedge_problem *problem, hedge_column *column)
{
    hedge_model *model = NULL;
    FEL_TRY(hedge_model_create(&model, problem, column->feature.info->name));
    column->made = model;
    return FEL_OK;
}

static void model_clear(hedge_column *column)
{
    hedge_model_destroy(column->made);
}

static void model_at(const hedge_feature_args *args)
{
    const size_t n_paths = args->view->n;
    double vega[BOOK_CHUNK];
    for (size_t first = 0; first < n_paths; first += BOOK_CHUNK) {
        const size_t left = n_paths - first, n = left < BOOK_CHUNK ? left : BOOK_CHUNK;
        hedge_model_greeks(args->column->made, args->view, first, n, args->out + first, vega);
    }
}

const hedge_feature_class hedge_feature_black_scholes_delta = {
    .info = {.name = "black_scholes_delta",
             .summary = "the book's Black-Scholes delta, as the hedger would hold it",
             .unit = "units of spot",
             .params = rows,
             .n_params = 2},
    .prepare = book_prepare,
    .clear = book_clear,
    .at = delta_at};
const hedge_feature_class hedge_feature_black_scholes_gamma = {
    .info = {.name = "black_scholes_gamma",
             .summary = "how that delta moves with ln(spot): spot x gamma",
             .unit = "units of spot",
             .params = rows,
             .n_params = 2},
    .prepare = book_prepare,
    .clear = book_clear,
    .at = gamma_at};
const hedge_feature_class hedge_feature_heston_delta = {
    .info = {.name = "heston_delta",
             .summary = "the book's delta by the market's own model, given spot and variance",
             .unit = "units of spot"},
    .check = model_check,
    .prepare = model_prepare,
    .clear = model_clear,
    .at = model_at};
