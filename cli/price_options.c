/* cli/price_options.c - prices, greeks and volatilities of a list of options. */
#include <math.h>

#include <feller/data.h>

#include "cli/price_internal.h"

enum { MOST_AT_ONCE = 256 };

static double forward_of(const price_option *o)
{
    return o->process.spot *
           exp((o->process.rate_per_year - o->process.dividend_per_year) * o->t_years);
}

static double discount_of(const price_option *o)
{
    return exp(-o->process.rate_per_year * o->t_years);
}

/* Do they share a characteristic function? */
static int is_alike(const price_option *a, const price_option *b)
{
    size_t n = 0, same = 0;
    double of_a[FEL_PROCESS_MAX_PARAMS], of_b[FEL_PROCESS_MAX_PARAMS];
    const uint32_t n_params = fel_process_classes(&n)[a->process.kind]->n_params;
    fel_process_params(&a->process, of_a);
    fel_process_params(&b->process, of_b);
    while (same < n_params && of_a[same] == of_b[same]) {
        same++;
    }
    return same == n_params && a->t_years == b->t_years;
}

static size_t count_alike(const price_option *options, size_t n)
{
    size_t alike = 1;
    while (alike < n && alike < MOST_AT_ONCE && is_alike(&options[0], &options[alike])) {
        alike++;
    }
    return alike;
}

static fel_status price_alike(const price_request *request, price_option *options, size_t n)
{
    double strikes[MOST_AT_ONCE], prices[MOST_AT_ONCE];
    fel_option_right rights[MOST_AT_ONCE];
    fel_greeks greeks[MOST_AT_ONCE];
    for (size_t i = 0; i < n; i++) {
        strikes[i] = options[i].strike;
        rights[i] = options[i].right;
    }
    const fel_process *process = &options[0].process;
    const double t = options[0].t_years;
    if (request->greeks) {
        FEL_TRY(fel_greeks_european(process, t, strikes, rights, n, request->method, greeks));
    } else {
        FEL_TRY(fel_price_european(process, t, strikes, rights, n, request->method, prices));
    }
    for (size_t i = 0; i < n; i++) {
        if (request->greeks) {
            options[i].greeks = greeks[i];
        } else {
            options[i].greeks.price = prices[i];
        }
    }
    return FEL_OK;
}

/* Nothing moves but the forward: the volatility is 0, not lost in rounding. */
static int is_certain(const fel_process *p)
{
    const int has_jumps = p->kind == FEL_PROCESS_MERTON || p->kind == FEL_PROCESS_BATES;
    const int is_still = fel_process_has_variance(p)
                             ? p->heston.v0 == 0.0 && p->heston.kappa * p->heston.theta == 0.0
                             : p->vol_per_year == 0.0;
    return is_still && (!has_jumps || p->jumps.intensity_per_year == 0.0);
}

/* Which volatility Black's formula needs; NaN where none does: at expiry, or where rounding leaves
 * nothing of the time value. */
static void find_vols(price_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        price_option *o = &options[i];
        double vol = 0.0;
        const fel_status status = o->t_years > 0.0
                                      ? fel_implied_vol(o->right, o->greeks.price, forward_of(o),
                                                        o->strike, o->t_years, discount_of(o), &vol)
                                      : FEL_ERR_RANGE;
        const int is_known = status == FEL_OK && (vol > 0.0 || is_certain(&o->process));
        o->implied_vol = is_known ? vol : (double)NAN;
    }
}

static fel_status price_americans(const price_request *request, price_option *options, size_t n,
                                  size_t *failed)
{
    for (size_t i = 0; i < n; i++) {
        const price_option *o = &options[i];
        *failed = i;
        FEL_TRY(fel_price_american(request->american, o->right, o->process.spot, o->strike,
                                   o->t_years, o->process.rate_per_year,
                                   o->process.dividend_per_year, o->process.vol_per_year,
                                   &options[i].greeks.price));
    }
    return FEL_OK;
}

static fel_status invert_prices(price_option *options, size_t n, size_t *failed)
{
    for (size_t i = 0; i < n; i++) {
        const price_option *o = &options[i];
        *failed = i;
        FEL_TRY(fel_implied_vol(o->right, o->given, forward_of(o), o->strike, o->t_years,
                                discount_of(o), &options[i].implied_vol));
    }
    return FEL_OK;
}

fel_status price_options(const price_request *request, price_option *options, size_t n,
                         size_t *failed)
{
    if (request->task == PRICE_AMERICAN) {
        return price_americans(request, options, n, failed);
    }
    if (request->task == PRICE_IMPLIED_VOL) {
        return invert_prices(options, n, failed);
    }
    for (size_t first = 0; first < n;) {
        const size_t alike = count_alike(options + first, n - first);
        *failed = first;
        FEL_TRY(price_alike(request, options + first, alike));
        find_vols(options + first, alike);
        first += alike;
    }
    return FEL_OK;
}

/* ---- results --------------------------------------------------------------------------------- */

size_t price_results(const price_request *request, const price_option *option,
                     const char *names[PRICE_MAX_RESULTS], double values[PRICE_MAX_RESULTS])
{
    const fel_greeks *g = &option->greeks;
    const struct {
        const char *name;
        double value;
        int wanted;
    } all[] = {
        {"model_price", g->price, request->task != PRICE_IMPLIED_VOL},
        {"implied_vol", option->implied_vol, request->task != PRICE_AMERICAN},
        {"delta", g->delta, request->greeks},
        {"gamma", g->gamma, request->greeks},
        {"vega", g->vega, request->greeks},
        {"theta", g->theta, request->greeks},
        {"rho", g->rho, request->greeks},
        {"dividend_rho", g->dividend_rho, request->greeks},
        {"in_the_money", g->in_the_money, request->greeks},
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (all[i].wanted) {
            names[n] = all[i].name;
            values[n++] = all[i].value;
        }
    }
    return n;
}

fel_status price_years_until(const price_request *request, const char *expiry, double *t_years)
{
    int64_t at_ns = 0;
    if (!request->has_date) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "\"%.32s\": an expiry needs --date, the day it is counted from", expiry);
    }
    FEL_TRY(fel_time_parse(expiry, "UTC", &at_ns));
    if (at_ns < request->date_ns) {
        return FEL_RAISE(FEL_ERR_RANGE, "\"%.32s\" is before the date", expiry);
    }
    *t_years = (double)(at_ns - request->date_ns) / (double)(365 * FEL_NS_PER_DAY);
    return FEL_OK;
}
