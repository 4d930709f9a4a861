/* portfolio/allocation_optimal.c - minimum variance, maximum Sharpe ratio and Kelly weights within
 * bounds, with turnover costs, as quadratic programs.
 *
 * Costs and gross exposure bend at the weight that is held and at 0, so each weight is written as
 * an anchor plus segments that lead up and down from it and end where something bends. All that
 * bends is convex, so segments fill up from the anchor outwards by themselves. */
#include <math.h>

#include "core/arena.h"
#include "core/gslquiet.h"
#include "portfolio/allocation_internal.h"
#include "portfolio/qp_internal.h"

enum { MAX_SEGMENTS = 3, MAX_ROWS = 2, MAX_TRIES = 200 };

typedef struct segment {
    size_t asset;
    double direction; /* of the weight along it: 1 or -1 */
    double gross;     /* change of |weight| along it: 1 or -1 */
} segment;

typedef struct program {
    arena memory;
    const market *m;
    double low, high;       /* bounds of each weight */
    int has_sum, has_gross; /* rows */
    double *anchor;         /* n */
    segment *segments;      /* n x MAX_SEGMENTS */
    double *upper;          /* of variables: segments, then what is left of the gross exposure */
    double *Q, *c, *A, *x;
    double b[MAX_ROWS];
    size_t n_segments;
    qp qp;
} program;

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static void add_segment(program *p, size_t asset, double from, double to)
{
    if (from == to) {
        return;
    }
    const double direction = to > from ? 1.0 : -1.0;
    const double side = from + to >= 0.0 ? 1.0 : -1.0;
    p->segments[p->n_segments] = (segment){asset, direction, direction * side};
    p->upper[p->n_segments] = fabs(to - from);
    p->n_segments++;
}

/* From the anchor to a bound, in two parts if 0 lies between. */
static void add_way(program *p, size_t asset, double to)
{
    const double from = p->anchor[asset];
    const int crosses = p->has_gross && from * to < 0.0;
    if (crosses) {
        add_segment(p, asset, from, 0.0);
    }
    add_segment(p, asset, crosses ? 0.0 : from, to);
}

/* A gross exposure that leaves no room but for weights of the sum's sign is a bound at 0. */
static void choose_rows(program *p, int has_sum)
{
    const fel_allocation *a = p->m->rule;
    const double rounding = 1e-12 * (1.0 + fabs(a->invested));
    p->low = a->min_weight;
    p->high = a->max_weight;
    p->has_sum = has_sum;
    if (has_sum && a->max_gross <= fabs(a->invested) + rounding) {
        p->low = a->invested >= 0.0 ? fmax(p->low, 0.0) : p->low;
        p->high = a->invested <= 0.0 ? fmin(p->high, 0.0) : p->high;
        return;
    }
    const int one_sided = p->low >= 0.0 || p->high <= 0.0;
    p->has_gross = isfinite(a->max_gross) && !(has_sum && one_sided);
}

static int allocate(program *p)
{
    const size_t n = p->m->n, most = MAX_SEGMENTS * n + 1;
    p->anchor = arena_array(&p->memory, n, sizeof(double));
    p->segments = arena_array(&p->memory, most, sizeof(segment));
    p->upper = arena_array(&p->memory, most, sizeof(double));
    p->c = arena_array(&p->memory, most, sizeof(double));
    p->x = arena_array(&p->memory, most, sizeof(double));
    p->A = arena_array(&p->memory, most * MAX_ROWS, sizeof(double));
    return p->anchor != NULL && p->segments != NULL && p->upper != NULL && p->c != NULL &&
           p->x != NULL && p->A != NULL;
}

static void add_segments(program *p)
{
    const market *m = p->m;
    for (size_t i = 0; i < m->n; i++) {
        const double held = m->held != NULL ? m->held[i] : 0.0;
        const double start = m->rule->turnover_cost > 0.0 ? held : p->has_gross ? 0.0 : p->low;
        p->anchor[i] = clamp(start, p->low, p->high);
        add_way(p, i, p->high);
        add_way(p, i, p->low);
    }
}

static void fill_rows(program *p)
{
    const size_t n = p->qp.n;
    size_t row = 0;
    double sum = 0.0, gross = 0.0;
    for (size_t i = 0; i < p->m->n; i++) {
        sum += p->anchor[i];
        gross += fabs(p->anchor[i]);
    }
    if (p->has_sum) {
        for (size_t k = 0; k < p->n_segments; k++) {
            p->A[row * n + k] = p->segments[k].direction;
        }
        p->b[row++] = p->m->rule->invested - sum;
    }
    if (p->has_gross) {
        for (size_t k = 0; k < p->n_segments; k++) {
            p->A[row * n + k] = p->segments[k].gross;
        }
        p->A[row * n + n - 1] = 1.0;
        p->b[row++] = p->m->rule->max_gross - gross;
    }
    p->qp.m = row;
}

/* The quadratic part: aversion x covariance. */
static void fill_matrix(program *p, double aversion)
{
    const size_t n = p->qp.n;
    for (size_t k = 0; k < p->n_segments; k++) {
        for (size_t l = 0; l < p->n_segments; l++) {
            const segment *a = &p->segments[k], *b = &p->segments[l];
            p->Q[k * n + l] = aversion * a->direction * b->direction *
                              p->m->covariance[a->asset * p->m->n + b->asset];
        }
    }
}

/* Zero-initialised p, m set. */
static fel_status program_open(program *p, int has_sum, double aversion)
{
    gsl_quiet();
    choose_rows(p, has_sum);
    if (!allocate(p)) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory: weights of %zu assets", p->m->n);
    }
    add_segments(p);
    p->qp.n = p->n_segments + (p->has_gross ? 1 : 0);
    p->Q = arena_array(&p->memory, p->qp.n * p->qp.n, sizeof(double));
    if (p->Q == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory: weights of %zu assets", p->m->n);
    }
    if (p->has_gross) {
        p->upper[p->n_segments] = (double)INFINITY;
    }
    fill_rows(p);
    fill_matrix(p, aversion);
    p->qp.Q = p->Q;
    p->qp.c = p->c;
    p->qp.A = p->A;
    p->qp.b = p->b;
    p->qp.upper = p->upper;
    return FEL_OK;
}

/* Are the bounds met in one way only? Then that is it: an interior point there is none. */
static int has_no_choice(const program *p, double *weights)
{
    const double least = p->low * (double)p->m->n, most = p->high * (double)p->m->n;
    const double goal = p->m->rule->invested, rounding = 1e-12 * (1.0 + fabs(goal));
    const int at_low = p->has_sum && goal <= least + rounding;
    const int at_high = p->has_sum && goal >= most - rounding;
    const double only = at_low ? p->low : p->high;
    if (!(at_low || at_high) && p->n_segments > 0) {
        return 0;
    }
    for (size_t i = 0; i < p->m->n; i++) {
        weights[i] = p->n_segments > 0 ? only : p->anchor[i];
    }
    return 1;
}

/* min aversion/2 w'Cw - tilt (m'w) + cost x turnover. */
static fel_status program_solve(program *p, double tilt, double cost, double *weights)
{
    const market *m = p->m;
    if (has_no_choice(p, weights)) {
        return FEL_OK;
    }
    for (size_t k = 0; k < p->n_segments; k++) {
        const segment *s = &p->segments[k];
        double slope = 0.0;
        for (size_t j = 0; j < m->n; j++) {
            slope += m->covariance[s->asset * m->n + j] * p->anchor[j];
        }
        const double own = m->covariance[s->asset * m->n + s->asset];
        slope *= p->Q[k * p->qp.n + k] / own; /* the aversion */
        slope -= tilt != 0.0 ? tilt * (m->mean[s->asset] - m->rule->risk_free) : 0.0;
        p->c[k] = s->direction * slope + cost;
    }
    FEL_TRY(qp_solve(&p->qp, p->x));
    for (size_t i = 0; i < m->n; i++) {
        weights[i] = p->anchor[i];
    }
    for (size_t k = 0; k < p->n_segments; k++) {
        weights[p->segments[k].asset] += p->segments[k].direction * p->x[k];
    }
    for (size_t i = 0; i < m->n; i++) {
        weights[i] = clamp(weights[i], p->low, p->high);
    }
    return FEL_OK;
}

fel_status allocate_minimum_variance(const market *m, double *weights)
{
    program p = {.m = m};
    fel_status status = program_open(&p, 1, m->rule->risk_aversion);
    if (status == FEL_OK) {
        status = program_solve(&p, 0.0, m->rule->turnover_cost, weights);
    }
    arena_free(&p.memory);
    return status;
}

fel_status allocate_kelly(const market *m, double *weights)
{
    program p = {.m = m};
    fel_status status = program_open(&p, 0, 1.0 / m->rule->kelly_fraction);
    if (status == FEL_OK) {
        status = program_solve(&p, 1.0, m->rule->turnover_cost, weights);
    }
    arena_free(&p.memory);
    return status;
}

/* ---- maximum Sharpe ratio ----------------------------------------------------------------------
 */

/* At the best ratio the gradients of mean and variance say variance = tilt x mean, where the tilt
 * is that of the program which has these weights as its optimum. Below that tilt variance / mean is
 * larger than it, above smaller, as the frontier is convex. */
typedef struct search {
    program *p;
    double *weights;
    double mean, variance; /* of the weights; the mean after costs */
    double largest;        /* size of the means, to know nothing from little */
} search;

static fel_status try_tilt(search *s, double tilt)
{
    const market *m = s->p->m;
    FEL_TRY(program_solve(s->p, tilt, tilt * m->rule->turnover_cost, s->weights));
    s->mean = s->variance = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        const double held = m->held != NULL ? m->held[i] : 0.0, w = s->weights[i];
        s->mean += w * (m->mean[i] - m->rule->risk_free) - m->rule->turnover_cost * fabs(w - held);
        for (size_t j = 0; j < m->n; j++) {
            s->variance += w * m->covariance[i * m->n + j] * s->weights[j];
        }
    }
    return FEL_OK;
}

/* log(tilt / (variance / mean)): its root is wanted. */
static double excess_of(const search *s, double tilt)
{
    return s->mean > 1e-12 * s->largest ? log(tilt * s->mean / s->variance) : -(double)INFINITY;
}

/* Between two tilts of different signs, by the Illinois rule on logarithms; -INFINITY halves. */
static fel_status narrow(search *s, double low, double high, double f_low, double f_high)
{
    double tilt = high, f = f_high;
    for (int k = 0; k < MAX_TRIES && fabs(f) > 1e-11 && log(high / low) > 1e-13; k++) {
        const double part = isfinite(f_low) ? -f_low / (f_high - f_low) : 0.5;
        tilt = low * exp(part * log(high / low));
        FEL_TRY(try_tilt(s, tilt));
        const double before = f;
        f = excess_of(s, tilt);
        if (f < 0.0) {
            low = tilt;
            f_low = f;
            f_high = before < 0.0 ? 0.5 * f_high : f_high;
        } else {
            high = tilt;
            f_high = f;
            f_low = before >= 0.0 && isfinite(f_low) ? 0.5 * f_low : f_low;
        }
    }
    return FEL_OK;
}

static fel_status seek(search *s)
{
    const market *m = s->p->m;
    double risk = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        s->largest = fmax(s->largest, fabs(m->mean[i] - m->rule->risk_free));
        risk += m->covariance[i * m->n + i] / (double)m->n;
    }
    if (!(s->largest > 0.0)) {
        return FEL_OK;
    }
    double low = 0.0, high = risk / s->largest, f_low = -(double)INFINITY;
    FEL_TRY(try_tilt(s, high));
    double f_high = excess_of(s, high);
    for (int k = 0; k < 24 && f_high < 0.0; k++) {
        low = high;
        f_low = f_high;
        high *= 4.0;
        FEL_TRY(try_tilt(s, high));
        f_high = excess_of(s, high);
    }
    if (f_high < 0.0) {
        s->mean =
            isfinite(f_high) ? s->mean : 0.0; /* the largest mean is best, or none is above 0 */
        return FEL_OK;
    }
    for (int k = 0; k < 24 && low == 0.0; k++) {
        const double lower = high / 4.0;
        FEL_TRY(try_tilt(s, lower));
        const double f = excess_of(s, lower);
        low = f < 0.0 ? lower : 0.0;
        f_low = f;
        high = f < 0.0 ? high : lower;
        f_high = f < 0.0 ? f_high : f;
    }
    return low > 0.0 ? narrow(s, low, high, f_low, f_high) : FEL_OK;
}

fel_status allocate_maximum_sharpe(const market *m, double *weights)
{
    program p = {.m = m};
    search s = {.p = &p, .weights = weights};
    fel_status status = program_open(&p, 1, 1.0);
    if (status == FEL_OK) {
        status = seek(&s);
    }
    for (size_t i = 0; i < m->n && status == FEL_OK && !(s.mean > 0.0); i++) {
        weights[i] = 0.0;
    }
    arena_free(&p.memory);
    return status;
}
