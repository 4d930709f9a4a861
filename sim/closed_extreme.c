/* sim/closed_extreme.c - means of the maximum and the minimum of geometric Brownian motion, whole
 * lookback options (Goldman, Sosin, Gatto 1979; Conze, Viswanathan 1991) being made of them.
 *
 *   E[max(M, k)] = k + int_k^inf P(M > y) dy,   E[min(m, k)] = k - int_0^k P(m < y) dy,
 *
 * where {M > y} is that level y was touched: a formula. The integral has one for r != q, with a
 * singularity at r = q; the quadrature has none. */
#include <gsl/gsl_integration.h>
#include <math.h>

#include "core/gslquiet.h"
#include "sim/closed_internal.h"

enum { MOST_PIECES = 200 };

typedef struct touched {
    const fel_process *process;
    double t_years, side;
} touched;

/* In x = ln(y / S_0): dy = y dx. */
static double touched_at(double x, void *params)
{
    const touched *t = params;
    const double level = t->process->spot * exp(x);
    return level * closed_touch_probability(t->process, t->t_years, t->side, level, 0);
}

/* int of P(level y touched) dy over y = S_0 e^from .. S_0 e^to. */
static double integral(touched *t, double from, double to)
{
    gsl_quiet();
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(MOST_PIECES);
    if (room == NULL || from >= to) {
        gsl_integration_workspace_free(room);
        return room == NULL ? (double)NAN : 0.0;
    }
    gsl_function f = {touched_at, t};
    double value = 0.0;
    double error = 0.0;
    const double scale = t->process->spot;
    const int status = gsl_integration_qag(&f, from, to, 1e-13 * scale, 1e-13, MOST_PIECES,
                                           GSL_INTEG_GAUSS31, room, &value, &error);
    gsl_integration_workspace_free(room);
    return status == 0 || error < 1e-9 * scale ? value : (double)NAN;
}

/* Beyond this many standard deviations nothing is left in double. */
static double farthest(const fel_process *p, double t_years)
{
    const double deviation = p->vol_per_year * sqrt(t_years);
    const double drift = fabs(p->rate_per_year - p->dividend_per_year) * t_years;
    return 10.0 * deviation + deviation * deviation + drift;
}

double closed_mean_maximum(const fel_process *process, double t_years, double floor)
{
    touched t = {process, t_years, -1.0};
    return floor + integral(&t, log(floor / process->spot), farthest(process, t_years));
}

double closed_mean_minimum(const fel_process *process, double t_years, double cap)
{
    touched t = {process, t_years, 1.0};
    return cap - integral(&t, -farthest(process, t_years), log(cap / process->spot));
}
