/* hedge/market_volatility.c - how much a market without a model moves: the standard deviation of
 * its log returns, a year. */
#include <math.h>

#include "hedge/market_internal.h"

typedef struct moments {
    double n, mean, square;
} moments;

static void add(moments *m, double x)
{
    m->n += 1.0;
    const double apart = x - m->mean;
    m->mean += apart / m->n;
    m->square += apart * (x - m->mean);
}

static moments of_factors(const hedge_market_data *data)
{
    moments m = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < data->n_factors; i++) {
        add(&m, log(data->factors[i]));
    }
    return m;
}

static moments of_stored(const fel_hedge_problem *problem)
{
    moments m = {0.0, 0.0, 0.0};
    const size_t n_dates = problem->config.n_dates, n = hedge_pilot_count(problem);
    for (size_t p = 0; p < n; p++) {
        const double *path = problem->config.market.spot + p * (n_dates + 1);
        for (size_t d = 0; d < n_dates; d++) {
            add(&m, log(path[d + 1] / path[d]));
        }
    }
    return m;
}

double market_volatility(const fel_hedge_problem *problem)
{
    const moments m = problem->config.market.kind == FEL_HEDGE_BOOTSTRAP
                          ? of_factors(problem->market)
                          : of_stored(problem);
    return m.n > 1.0 ? sqrt(m.square / (m.n - 1.0) / problem->dt_years) : 0.0;
}
