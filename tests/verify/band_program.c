/* tests/verify/band_program.c - backward induction over log price and position.
 *
 * With x_k = log S_k + k v^2 / 2, v = vol sqrt(dt), x moves by normal numbers of deviation v: on a
 * lattice of spacing v / m the trapezoidal rule has an error of exp(-2 pi^2 m^2) for smooth
 * functions, so no interpolation is needed. With J_k(x, d) the least E exp(-a P&L from date k on)
 * of one who comes with d units and M_k = J_k exp(-a d S_k),
 *     H_k(x, d) = exp(a d S_k) E[M_k+1(x + v Z, d)],
 *     J_k(x, d) = min over e of H_k(x, e) exp(a cost S_k |e - d|),
 * and J_N = exp(a payoff). Positions are those of a grid, so the result is attained by a hedge and
 * falls as the grid is refined. In logs the minimum takes one pass up and one down. */
#include "tests/verify/band_program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DEVIATIONS = 8 }; /* of one date's move and of the whole range */

struct band_program {
    band_config config;
    size_t half, n_prices, reach; /* prices at -half .. half; a date moves by at most reach */
    double spacing, drift;        /* of x; of log S a date */
    double *weights;              /* of moves -reach .. reach */
    double *value;                /* log J, then M: [price][position] */
    double *next;
    double *bounds; /* [date][price][2] */
    double premium;
};

static double price_at(const band_program *p, size_t date, size_t i)
{
    return exp(((double)i - (double)p->half) * p->spacing + p->drift * (double)date);
}

static double position_at(const band_program *p, size_t j)
{
    return (double)j / (double)(p->config.n_positions - 1);
}

static void make_weights(band_program *p)
{
    const double h = 1.0 / (double)p->config.steps_per_deviation;
    double sum = 0.0;
    for (size_t i = 0; i <= 2 * p->reach; i++) {
        const double z = ((double)i - (double)p->reach) * h;
        p->weights[i] = exp(-0.5 * z * z);
        sum += p->weights[i];
    }
    for (size_t i = 0; i <= 2 * p->reach; i++) {
        p->weights[i] /= sum;
    }
}

/* value = M of the last date. A corner off a node by a share of the spacing h, where the slope
 * jumps by D, makes the trapezoidal sum wrong by -h^2 D (1/12 - share (1 - share) / 2) (Euler and
 * Maclaurin): put right at the nearest node. */
static void settle(band_program *p)
{
    const double a = p->config.aversion;
    for (size_t i = 0; i < p->n_prices; i++) {
        const double s = price_at(p, p->config.n_dates, i), payoff = fmax(s - 1.0, 0.0);
        const double off = fabs(log(s)) / p->spacing;
        const double mend =
            off < 0.5 ? p->spacing * a * (1.0 / 12.0 - 0.5 * off * (1.0 - off)) : 0.0;
        for (size_t j = 0; j < p->config.n_positions; j++) {
            const double d = position_at(p, j);
            p->value[i * p->config.n_positions + j] =
                exp(a * (payoff - d * s)) + mend * exp(-a * d);
        }
    }
}

/* sums[position] = E[M(x_i + v Z, position)]; past the ends of the lattice its last price. */
static void expect(const band_program *p, size_t i, double *restrict sums)
{
    const size_t n = p->config.n_positions;
    memset(sums, 0, n * sizeof(*sums));
    for (size_t k = 0; k <= 2 * p->reach; k++) {
        const size_t at = i + k < p->reach ? 0 : i + k - p->reach;
        const double *restrict row = p->value + (at < p->n_prices ? at : p->n_prices - 1) * n;
        const double weight = p->weights[k];
        for (size_t j = 0; j < n; j++) {
            sums[j] += weight * row[j];
        }
    }
}

/* row: log H at each position; becomes log J. The band is where the least is at one's own. */
static void trade(const band_program *p, double cost_of_step, double *row, double *band)
{
    const size_t n = p->config.n_positions;
    size_t low = 0, high = n - 1;
    for (size_t j = 1; j < n; j++) { /* selling down to the band */
        if (row[j - 1] + cost_of_step < row[j]) {
            row[j] = row[j - 1] + cost_of_step;
            high = high == n - 1 ? j - 1 : high;
        }
    }
    for (size_t j = n - 1; j-- > 0;) { /* buying up to it */
        if (row[j + 1] + cost_of_step < row[j]) {
            row[j] = row[j + 1] + cost_of_step;
            low = low == 0 ? j + 1 : low;
        }
    }
    band[0] = position_at(p, low);
    band[1] = position_at(p, high);
}

static void step_back(band_program *p, size_t date)
{
    const double a = p->config.aversion;
    const size_t n = p->config.n_positions;
    for (size_t i = 0; i < p->n_prices; i++) {
        double *row = p->next + i * n;
        const double s = price_at(p, date, i);
        expect(p, i, row);
        for (size_t j = 0; j < n; j++) {
            row[j] = log(row[j]) + a * position_at(p, j) * s;
        }
        trade(p, a * p->config.cost * s / (double)(n - 1), row,
              p->bounds + 2 * (date * p->n_prices + i));
        if (date == 0 && i == p->half) {
            p->premium = row[0] / a;
        }
        for (size_t j = 0; j < n; j++) {
            row[j] = exp(row[j] - a * position_at(p, j) * s);
        }
    }
    double *const swap = p->value;
    p->value = p->next;
    p->next = swap;
}

band_program *band_program_create(const band_config *config)
{
    band_program *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return NULL;
    }
    const double dt = config->horizon_years / (double)config->n_dates;
    const double move = config->vol_per_year * sqrt(dt);
    const double m = (double)config->steps_per_deviation;
    p->config = *config;
    p->spacing = move / m;
    p->drift = -0.5 * move * move;
    p->reach = MOST_DEVIATIONS * config->steps_per_deviation;
    p->half = (size_t)ceil(MOST_DEVIATIONS * sqrt((double)config->n_dates) * m);
    p->n_prices = 2 * p->half + 1;
    p->weights = calloc(2 * p->reach + 1, sizeof(double));
    p->value = calloc(p->n_prices * config->n_positions, sizeof(double));
    p->next = calloc(p->n_prices * config->n_positions, sizeof(double));
    p->bounds = calloc(2 * config->n_dates * p->n_prices, sizeof(double));
    if (p->weights == NULL || p->value == NULL || p->next == NULL || p->bounds == NULL) {
        band_program_destroy(p);
        return NULL;
    }
    make_weights(p);
    settle(p);
    for (size_t date = config->n_dates; date-- > 0;) {
        step_back(p, date);
    }
    return p;
}

void band_program_destroy(band_program *p)
{
    if (p != NULL) {
        free(p->weights);
        free(p->value);
        free(p->next);
        free(p->bounds);
        free(p);
    }
}

double band_program_premium(const band_program *p)
{
    return p->premium;
}

void band_program_band(const band_program *p, size_t date, double price, double *low, double *high)
{
    const double at = (log(price) - p->drift * (double)date) / p->spacing + (double)p->half;
    const double last = (double)p->n_prices - 1.000001;
    const double inside = fmin(fmax(at, 0.0), last);
    const size_t i = (size_t)inside;
    const double share = inside - (double)i;
    const double *b = p->bounds + 2 * (date * p->n_prices + i);
    *low = b[0] + share * (b[2] - b[0]);
    *high = b[1] + share * (b[3] - b[1]);
}
