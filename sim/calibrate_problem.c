/* sim/calibrate_problem.c - what a calibration minimises: residuals of a chain's quotes, their
 * weights, model prices by maturity.
 *
 * Prices are those on the forward, discounted: the strikes of a maturity share one call of the
 * pricer with spot = forward and no rates. Puts are calls less the forward contract. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate_internal.h"

static const double points = 100.0;           /* volatility points in a volatility of 1 */
static const double least_vega_share = 0.1;   /* of the largest: below, the smooth stage is flat */
static const double least_spread_share = 0.1; /* of the median */
static const double pull_points = 0.5;        /* a factor of e from the centre costs as much as all
                                                 volatilities off by this many points */
static const double sqrt_2_pi = 2.50662827463100050242;

/* ---- names ----------------------------------------------------------------------------------- */

static const char *const objective_names[][2] = {
    {"vol", "volatility points"}, {"price", "money"}, {"relative_price", "1"}};
static const char *const weight_names[] = {"equal", "vega", "spread"};

const char *fel_fit_objective_name(fel_fit_objective objective)
{
    return (unsigned)objective <= FEL_FIT_RELATIVE_PRICE ? objective_names[objective][0]
                                                         : "unknown";
}

const char *fel_fit_objective_unit(fel_fit_objective objective)
{
    return (unsigned)objective <= FEL_FIT_RELATIVE_PRICE ? objective_names[objective][1] : "";
}

const char *fel_fit_weight_name(fel_fit_weight weight)
{
    return (unsigned)weight <= FEL_WEIGHT_SPREAD ? weight_names[weight] : "unknown";
}

/* ---- prices ---------------------------------------------------------------------------------- */

/* Discounted calls on the forward; then puts by parity. Derivatives are the same for both. */
static fel_status price_maturity(const fit_problem *problem, const fel_chain_maturity *m,
                                 const fel_heston *heston, double *prices, double *gradient)
{
    fel_process process;
    memset(&process, 0, sizeof(process));
    process.kind = FEL_PROCESS_HESTON;
    process.spot = m->forward;
    process.heston = *heston;
    FEL_TRY(fel_heston_gradient(&process, m->t_years, problem->strike + m->first, m->n, prices,
                                gradient));
    for (size_t i = 0; i < m->n; i++) {
        const fel_quote_option *q = &problem->chain->quotes[m->first + i];
        const double parity = q->right == FEL_PUT ? q->strike - m->forward : 0.0;
        prices[i] = m->discount * (prices[i] + parity);
    }
    for (size_t i = 0; gradient != NULL && i < m->n * FIT_N; i++) {
        gradient[i] *= m->discount;
    }
    return FEL_OK;
}

fel_status fit_prices(const fit_problem *problem, const fel_heston *heston, double *prices,
                      double *gradient)
{
    for (size_t i = 0; i < problem->chain->n_maturities; i++) {
        const fel_chain_maturity *m = &problem->chain->maturities[i];
        FEL_TRY(price_maturity(problem, m, heston, prices + m->first,
                               gradient != NULL ? gradient + m->first * FIT_N : NULL));
    }
    return FEL_OK;
}

/* ---- residuals ------------------------------------------------------------------------------- */

static double vega_of(const fel_quote_option *q, double vol)
{
    const double deviation = vol * sqrt(q->t_years);
    const double d1 = log(q->forward / q->strike) / deviation + 0.5 * deviation;
    return q->discount * q->forward * sqrt(q->t_years) * exp(-0.5 * d1 * d1) / sqrt_2_pi;
}

/* Without a message where there is none: a search passes through such prices. */
double fit_model_vol(const fit_problem *problem, size_t i, double price)
{
    const fel_quote_option *q = &problem->chain->quotes[i];
    const double sign = (double)q->right;
    const double least = q->discount * fmax(sign * (q->forward - q->strike), 0.0);
    const double most = q->discount * (q->right == FEL_CALL ? q->forward : q->strike);
    double vol = (double)NAN;
    if (!(price > least) || !(price < most) ||
        fel_implied_vol(q->right, price, q->forward, q->strike, q->t_years, q->discount, &vol) !=
            FEL_OK) {
        return (double)NAN;
    }
    return vol;
}

/* A price at or below its intrinsic value is a volatility of 0, which no small step changes. */
static fit_residual vol_residual(const fit_problem *problem, size_t i, double price)
{
    const fel_quote_option *q = &problem->chain->quotes[i];
    const double vol = fit_model_vol(problem, i, price);
    const double vega = isnan(vol) ? 0.0 : vega_of(q, vol);
    const fit_residual none = {-points * q->vol_per_year, 0.0};
    const fit_residual out = {points * (vol - q->vol_per_year), points / vega};
    return vega > 0.0 && isfinite(out.slope) ? out : none;
}

fit_residual fit_residual_of(const fit_problem *problem, size_t i, fit_stage stage, double price)
{
    const fel_quote_option *q = &problem->chain->quotes[i];
    const double difference = price - q->price;
    if (stage == FIT_SMOOTH) {
        const fit_residual out = {problem->smooth[i] * difference, problem->smooth[i]};
        return out;
    }
    if (problem->objective == FEL_FIT_VOL) {
        return vol_residual(problem, i, price);
    }
    const double unit = problem->objective == FEL_FIT_PRICE ? 1.0 : 1.0 / q->price;
    const fit_residual out = {unit * difference, unit};
    return out;
}

/* ---- weights --------------------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The spread in the unit of the objective; never below a tenth of the median. */
static fel_status set_spread_weights(fit_problem *problem, const double *unit)
{
    const fel_chain *chain = problem->chain;
    double *sorted = calloc(chain->n, sizeof(*sorted));
    if (sorted == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu weights", chain->n);
    }
    for (size_t i = 0; i < chain->n; i++) {
        const fel_quote_option *q = &chain->quotes[i];
        problem->weight[i] = (q->ask - q->bid) * unit[i];
        if (!(problem->weight[i] >= 0.0)) {
            free(sorted);
            return FEL_RAISE(FEL_ERR_ARG,
                             "weight spread needs bid and ask, which row %d has not; weights "
                             "equal and vega do not",
                             q->row);
        }
        sorted[i] = problem->weight[i];
    }
    qsort(sorted, chain->n, sizeof(*sorted), compare_doubles);
    const double least = least_spread_share * sorted[chain->n / 2];
    free(sorted);
    for (size_t i = 0; i < chain->n; i++) {
        const double spread = fmax(problem->weight[i], least);
        problem->weight[i] = spread > 0.0 ? 1.0 / spread : 1.0;
    }
    return FEL_OK;
}

/* What a difference of 1 in price is in the objective, at the market's vega. */
static double unit_of(const fit_problem *problem, size_t i, double vega)
{
    const double price = problem->chain->quotes[i].price;
    return problem->objective == FEL_FIT_VOL     ? points / vega
           : problem->objective == FEL_FIT_PRICE ? 1.0
                                                 : 1.0 / price;
}

static void scale_weights(fit_problem *problem)
{
    double sum = 0.0;
    for (size_t i = 0; i < problem->chain->n; i++) {
        sum += problem->weight[i];
    }
    for (size_t i = 0; i < problem->chain->n; i++) {
        problem->weight[i] *= (double)problem->chain->n / sum;
    }
}

/* The smooth stage has the units of the true one as the market's vegas give them, but never so
 * steep that a wing's price, wrong by orders of magnitude at a start, outweighs all others. */
static void set_pull(fit_problem *problem)
{
    double sum = 0.0;
    for (size_t i = 0; i < problem->chain->n; i++) {
        const fel_quote_option *q = &problem->chain->quotes[i];
        const double one =
            problem->weight[i] * problem->smooth[i] * vega_of(q, q->vol_per_year) / points;
        sum += one * one;
    }
    problem->pull = pull_points * sqrt(sum);
    fit_chain_start(&problem->centre, problem->chain);
}

static fel_status set_weights(fit_problem *problem, fel_fit_weight weight)
{
    const fel_chain *chain = problem->chain;
    double largest = 0.0;
    for (size_t i = 0; i < chain->n; i++) {
        largest = fmax(largest, vega_of(&chain->quotes[i], chain->quotes[i].vol_per_year));
    }
    for (size_t i = 0; i < chain->n; i++) {
        const fel_quote_option *q = &chain->quotes[i];
        const double vega = fmax(vega_of(q, q->vol_per_year), least_vega_share * largest);
        problem->strike[i] = q->strike;
        problem->smooth[i] = unit_of(problem, i, vega);
        problem->weight[i] = weight == FEL_WEIGHT_VEGA ? vega : 1.0;
    }
    if (weight == FEL_WEIGHT_SPREAD) {
        FEL_TRY(set_spread_weights(problem, problem->smooth));
    }
    scale_weights(problem);
    set_pull(problem);
    return FEL_OK;
}

fel_status fit_problem_init(fit_problem *out, const fel_chain *chain,
                            const fel_calibrate_options *options)
{
    memset(out, 0, sizeof(*out));
    out->chain = chain;
    out->objective = options->objective;
    out->tolerance = options->tolerance;
    out->max_iterations = options->max_iterations;
    out->stop_flag = options->stop_flag;
    out->weight = calloc(chain->n, sizeof(double));
    out->smooth = calloc(chain->n, sizeof(double));
    out->strike = calloc(chain->n, sizeof(double));
    if (out->weight == NULL || out->smooth == NULL || out->strike == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu quotes", chain->n);
    }
    return set_weights(out, options->weight);
}

void fit_problem_clear(fit_problem *problem)
{
    free(problem->weight);
    free(problem->smooth);
    free(problem->strike);
    memset(problem, 0, sizeof(*problem));
}
