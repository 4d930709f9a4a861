/* sim/chain_forward.c - forward and discount factor of a maturity: given, by rates, or by put-call
 * parity.
 *
 * For European options of one strike, C - P = D (F - K). Where D is known, each pair gives a
 * forward, and they are averaged by the inverse square of their spreads; where it is not, C - P is
 * fitted as a line in K: its slope is -D. Pairs are taken near the money, where both sides trade,
 * and those more than four typical residuals off are left out once. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/chain_internal.h"

enum { MIN_PAIRS = 3, MAX_PAIRS = 512 };

static const double near_money = 0.25;         /* |K / F - 1| of pairs that count */
static const double least_spread_share = 1e-6; /* of the strike: a spread of 0 is none */
static const double outlier_residuals = 4.0;
static const double least_discount = 0.2, most_discount = 1.25;

typedef struct parity_pair {
    double strike, difference, weight, residual;
    int is_out;
} parity_pair;

typedef struct parity_pairs {
    parity_pair items[MAX_PAIRS];
    size_t n;
} parity_pairs;

/* ---- what the file gives --------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Room for the values of one field, as many as there are quotes. */
typedef struct given {
    const chain_quote *quotes;
    size_t n;
    double *room;
} given;

/* The median of a field over the quotes that have it; NaN if none has. */
static double median_of(const given *g, size_t offset)
{
    size_t k = 0;
    for (size_t i = 0; i < g->n; i++) {
        double value = 0.0;
        memcpy(&value, (const char *)&g->quotes[i] + offset, sizeof(value));
        if (!isnan(value)) {
            g->room[k++] = value;
        }
    }
    qsort(g->room, k, sizeof(*g->room), compare_doubles);
    return k > 0 ? g->room[k / 2] : (double)NAN;
}

#define MEDIAN(given, field) median_of((given), offsetof(chain_quote, field))

static double first_known(double a, double b)
{
    return isnan(a) ? b : a;
}

/* ---- pairs ----------------------------------------------------------------------------------- */

static int is_quoted(const chain_quote *q)
{
    return q->fault == FEL_FAULT_NONE && q->price > 0.0;
}

/* Half the spreads of both sides: how far C - P may be off. */
static double uncertainty(const chain_quote *a, const chain_quote *b)
{
    const double spread = (a->ask - a->bid) + (b->ask - b->bid);
    const double least = least_spread_share * a->strike;
    return spread > least ? spread : isnan(spread) ? 1.0 : least;
}

static void add_pair(parity_pairs *pairs, const chain_quote *a, const chain_quote *b)
{
    const chain_quote *call = a->right == FEL_CALL ? a : b, *put = a->right == FEL_CALL ? b : a;
    const double width = uncertainty(call, put);
    const parity_pair pair = {a->strike, call->price - put->price, 1.0 / (width * width), 0.0, 0};
    if (pairs->n < MAX_PAIRS) {
        pairs->items[pairs->n++] = pair;
    }
}

/* Quotes lie in order of strike, so a pair lies side by side but for quotes refused or double. */
static void find_pairs(parity_pairs *pairs, const chain_quote *quotes, size_t n)
{
    const chain_quote *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const chain_quote *q = &quotes[i];
        if (!is_quoted(q)) {
            continue;
        }
        if (last != NULL && last->strike == q->strike && last->right != q->right) {
            add_pair(pairs, last, q);
            last = NULL;
        } else {
            last = q;
        }
    }
}

/* Where call and put cost nearly the same the strike is near the forward. */
static void keep_near_money(parity_pairs *pairs)
{
    double centre = (double)NAN, least = (double)INFINITY;
    size_t kept = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        if (fabs(pairs->items[i].difference) < least) {
            least = fabs(pairs->items[i].difference);
            centre = pairs->items[i].strike;
        }
    }
    for (size_t i = 0; i < pairs->n; i++) {
        if (fabs(pairs->items[i].strike / centre - 1.0) <= near_money) {
            pairs->items[kept++] = pairs->items[i];
        }
    }
    pairs->n = kept;
}

/* ---- fits ------------------------------------------------------------------------------------ */

typedef struct parity_fit {
    double forward, discount, error;
    size_t n;
} parity_fit;

/* Weighted means of strike and difference over the pairs that are in. */
static void means(const parity_pairs *pairs, double mean[2], double *weight, size_t *n)
{
    memset(mean, 0, 2 * sizeof(*mean));
    *weight = 0.0;
    *n = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        const parity_pair *p = &pairs->items[i];
        if (!p->is_out) {
            mean[0] += p->weight * p->strike;
            mean[1] += p->weight * p->difference;
            *weight += p->weight;
            (*n)++;
        }
    }
    mean[0] /= *weight;
    mean[1] /= *weight;
}

static double slope_of(const parity_pairs *pairs, const double mean[2])
{
    double cross = 0.0, square = 0.0;
    for (size_t i = 0; i < pairs->n; i++) {
        const parity_pair *p = &pairs->items[i];
        if (!p->is_out) {
            const double dk = p->strike - mean[0];
            cross += p->weight * dk * (p->difference - mean[1]);
            square += p->weight * dk * dk;
        }
    }
    return -cross / square;
}

/* discount NaN: fitted too. The error is that of the forward, from the residuals. */
static parity_fit fit(parity_pairs *pairs, double discount)
{
    parity_fit out = {.discount = discount};
    double mean[2], weight = 0.0, squares = 0.0;
    means(pairs, mean, &weight, &out.n);
    const size_t n_free = isnan(discount) ? 2 : 1;
    if (isnan(discount)) {
        out.discount = slope_of(pairs, mean);
    }
    out.forward = mean[0] + mean[1] / out.discount;
    for (size_t i = 0; i < pairs->n; i++) {
        parity_pair *p = &pairs->items[i];
        p->residual = p->difference - out.discount * (out.forward - p->strike);
        squares += p->is_out ? 0.0 : p->weight * p->residual * p->residual;
    }
    const double n_more = out.n > n_free ? (double)(out.n - n_free) : (double)NAN;
    out.error = sqrt(squares / n_more / weight) / fabs(out.discount);
    return out;
}

/* Residuals, compared in their spreads, beyond four times their median. */
static void drop_outliers(parity_pairs *pairs)
{
    double sizes[MAX_PAIRS];
    for (size_t i = 0; i < pairs->n; i++) {
        sizes[i] = fabs(pairs->items[i].residual) * sqrt(pairs->items[i].weight);
    }
    qsort(sizes, pairs->n, sizeof(sizes[0]), compare_doubles);
    const double limit = outlier_residuals * sizes[pairs->n / 2];
    for (size_t i = 0; i < pairs->n; i++) {
        const parity_pair *p = &pairs->items[i];
        pairs->items[i].is_out = fabs(p->residual) * sqrt(p->weight) > limit && limit > 0.0;
    }
}

static void find_by_parity(fel_chain_maturity *out, const chain_quote *quotes, size_t n)
{
    parity_pairs pairs = {.n = 0};
    const int is_discount_known = !isnan(out->discount);
    find_pairs(&pairs, quotes, n);
    keep_near_money(&pairs);
    out->n_pairs = pairs.n;
    if (pairs.n < (is_discount_known ? 1 : MIN_PAIRS)) {
        return;
    }
    parity_fit best = fit(&pairs, out->discount);
    if (pairs.n > MIN_PAIRS) {
        drop_outliers(&pairs);
        best = fit(&pairs, out->discount);
    }
    if (!(best.forward > 0.0) || !(best.discount >= least_discount) ||
        !(best.discount <= most_discount)) {
        return;
    }
    out->n_pairs = best.n;
    out->forward = best.forward;
    out->discount = best.discount;
    out->forward_error = best.error;
    out->source = is_discount_known ? FEL_FORWARD_PARITY : FEL_FORWARD_PARITY_BOTH;
}

/* ---- a maturity ------------------------------------------------------------------------------ */

/* A column's discount, then rates; the spot's yield likewise. */
static void find_given(fel_chain_maturity *out, const given *g, double spot,
                       const fel_chain_options *options)
{
    const double t = out->t_years;
    const double rate = first_known(options->rate_per_year, MEDIAN(g, rate));
    const double yield = first_known(options->dividend_per_year, MEDIAN(g, dividend));
    const double growth = first_known(MEDIAN(g, dividend_discount), exp(-yield * t));
    const double forward = MEDIAN(g, given_forward);
    out->discount = first_known(MEDIAN(g, given_discount), exp(-rate * t));
    out->forward = forward;
    out->source = isnan(forward) ? FEL_FORWARD_NONE : FEL_FORWARD_GIVEN;
    if (isnan(forward) && !isnan(spot * growth / out->discount)) {
        out->forward = spot * growth / out->discount;
        out->source = FEL_FORWARD_RATES;
    }
}

static int is_usable(const fel_chain_maturity *m)
{
    return m->forward > 0.0 && isfinite(m->forward) && m->discount > 0.0 && isfinite(m->discount);
}

fel_status chain_forward_find(fel_chain_maturity *out, chain_quote *quotes, size_t n, double spot,
                              const fel_chain_options *options)
{
    const given g = {quotes, n, calloc(n, sizeof(double))};
    if (g.room == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu quotes", n);
    }
    out->forward_error = (double)NAN;
    out->n_pairs = 0;
    find_given(out, &g, spot, options);
    free(g.room);
    if (!is_usable(out)) {
        out->source = FEL_FORWARD_NONE;
        find_by_parity(out, quotes, n);
    }
    for (size_t i = 0; i < n; i++) {
        quotes[i].forward = out->forward;
        quotes[i].discount = out->discount;
        if (out->source == FEL_FORWARD_NONE) {
            chain_refuse(&quotes[i], FEL_FAULT_NO_FORWARD,
                         "t %.6g has no forward: none given, no rate and dividend, and %zu pairs "
                         "of call and put are too few or no line",
                         out->t_years, out->n_pairs);
        }
    }
    return FEL_OK;
}
