/* reports/calibration_maturity.c - the quotes of one maturity, and how well they are fitted. */
#include <math.h>

#include "reports/simulation_internal.h"

double vol_points(const fel_calibration_quote *quote)
{
    return 100.0 * (quote->model_vol - quote->market_vol);
}

static int is_same_maturity(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(a);
}

/* Volatilities at the forward, on the line between the strikes around it. */
static void set_at_forward(maturity_fit *m, const fel_calibration_quote *q)
{
    m->market_vol = m->model_vol = (double)NAN;
    for (size_t i = 0; i + 1 < m->n; i++) {
        const double low = q[i].strike, high = q[i + 1].strike;
        if (low <= m->forward && m->forward <= high && low < high) {
            const double w = (m->forward - low) / (high - low);
            m->market_vol = (1.0 - w) * q[i].market_vol + w * q[i + 1].market_vol;
            m->model_vol = (1.0 - w) * q[i].model_vol + w * q[i + 1].model_vol;
            return;
        }
    }
}

maturity_fit maturity_at(const fel_calibration_report *r, size_t first)
{
    const fel_calibration_quote *q = &r->quotes[first];
    maturity_fit m = {.first = first, .t_years = q->t_years, .forward = q->forward};
    double sum = 0.0, squares = 0.0;
    size_t n_fitted = 0;
    while (first + m.n < r->n_quotes && is_same_maturity(q[0].t_years, q[m.n].t_years)) {
        const double points = vol_points(&q[m.n++]);
        if (isfinite(points)) {
            sum += points;
            squares += points * points;
            n_fitted++;
        }
    }
    m.rmse_vol_points = n_fitted > 0 ? sqrt(squares / (double)n_fitted) : (double)NAN;
    m.mean_vol_points = n_fitted > 0 ? sum / (double)n_fitted : (double)NAN;
    set_at_forward(&m, q);
    return m;
}

spread_hits hits_of(const fel_calibration_report *r)
{
    spread_hits hits = {0, 0};
    for (size_t i = 0; i < r->n_quotes; i++) {
        const fel_calibration_quote *q = &r->quotes[i];
        if (isfinite(q->bid_vol) && isfinite(q->ask_vol)) {
            hits.n++;
            hits.n_inside += q->model_vol >= q->bid_vol && q->model_vol <= q->ask_vol;
        }
    }
    return hits;
}
