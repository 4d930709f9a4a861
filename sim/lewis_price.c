/* sim/lewis_price.c - the fast method: the inversion integral (Lewis 2001; Lee 2004) by the
 * midpoint rule.
 *
 * For a line z = p + i u, c = p - 1/2 and x = ln(F / K) let
 *   I(x) = exp(c x) / pi int_0^oo Re(exp(i u x) M(z) / (z (z - 1))) du.
 * sqrt(F K) I is the undiscounted call where p > 1, the call less F where 0 < p < 1, and the put
 * where p < 0. The midpoint rule of step 2 pi / L gives the sum over n of (-1)^n exp(c n L) I(x - n
 * L) instead (Poisson's summation). Of the strangers n <> 0 the intrinsic values add up to a
 * geometric series, so that for any p call = sqrt(F K) (rule) + F / (1 + exp((c - 1/2) L)) - K / (1
 * + exp((c + 1/2) L)), and what remains are their time values, below the tolerance by the choice of
 * L (fourier_tails.c). So the error is known beforehand, and the same nodes serve every strike. */
#include <math.h>

#include "sim/black_internal.h"
#include "sim/fourier_internal.h"

/* Of sqrt(F K): a hundred times below what is promised, since derivatives need more. */
static const double tolerance = 1e-10;

/* Some strikes of a row and their sums. */
typedef struct lewis_chunk {
    size_t n, n_kept;
    size_t kept[LEWIS_MAX_STRIKES]; /* strikes whose time value is above the tolerance */
    double root[LEWIS_MAX_STRIKES]; /* sqrt(F K) exp(c x) */
    double x[LEWIS_MAX_STRIKES];    /* of those kept, in their order, as are the sums */
    double sums[LEWIS_MAX_CHANNELS * LEWIS_MAX_STRIKES];
    double of_forward, of_strike; /* the strangers' parts of the call over F and K */
} lewis_chunk;

static void keep_strikes(const fourier_law *law, const law_tails *tails, const double *strikes,
                         lewis_chunk *chunk)
{
    chunk->n_kept = 0;
    for (size_t k = 0; k < chunk->n; k++) {
        const double size = log_moneyness(law->forward, strikes[k]);
        const double x = law->forward < strikes[k] ? -size : size;
        if (x < tails->left && -x < tails->right) {
            chunk->kept[chunk->n_kept] = k;
            chunk->x[chunk->n_kept++] = x;
        }
    }
}

static fel_status sum_chunk(const fourier_law *law, const law_tails *tails, lewis_set set,
                            const double *strikes, lewis_chunk *chunk)
{
    double least = HUGE_VAL, most = -HUGE_VAL;
    keep_strikes(law, tails, strikes, chunk);
    if (chunk->n_kept == 0) {
        return FEL_OK;
    }
    for (size_t i = 0; i < chunk->n_kept; i++) {
        least = fmin(least, chunk->x[i]);
        most = fmax(most, chunk->x[i]);
    }
    const lewis_line line = law_choose_line(law, tails, -most, -least);
    const double c = line.p - 0.5;
    double scale = 1.0;
    for (size_t i = 0; i < chunk->n_kept; i++) {
        const double grown = exp(c * chunk->x[i]);
        chunk->root[i] = sqrt(law->forward) * sqrt(strikes[chunk->kept[i]]) * grown;
        scale = fmax(scale, grown);
    }
    chunk->of_forward = 1.0 / (1.0 + exp((c - 0.5) * line.period));
    chunk->of_strike = -1.0 / (1.0 + exp((c + 0.5) * line.period));
    return lewis_integrate(law, set, line, chunk->x, chunk->n_kept, tails->tolerance / scale,
                           chunk->sums);
}

static double intrinsic(double forward, double strike, fel_option_right right)
{
    return fmax(right == FEL_CALL ? forward - strike : strike - forward, 0.0);
}

/* The covered call of the i-th strike kept: the forward less the call. */
static double covered(const fourier_law *law, const lewis_chunk *chunk, double strike, size_t i)
{
    return law->forward * (1.0 - chunk->of_forward) - strike * chunk->of_strike -
           chunk->root[i] * chunk->sums[i];
}

static double price_of(const fourier_law *law, double strike, fel_option_right right, double value)
{
    const double time_value = fmax(fmin(law->forward, strike) - value, 0.0);
    return law->discount * (intrinsic(law->forward, strike, right) + time_value);
}

static void price_chunk(const fourier_law *law, const option_row *row, const lewis_chunk *chunk,
                        double *prices)
{
    for (size_t k = 0; k < chunk->n; k++) {
        prices[k] = law->discount * intrinsic(law->forward, row->strikes[k], row_right(row, k));
    }
    for (size_t i = 0; i < chunk->n_kept; i++) {
        const size_t k = chunk->kept[i];
        prices[k] = price_of(law, row->strikes[k], row_right(row, k),
                             covered(law, chunk, row->strikes[k], i));
    }
}

/* The part of a row from `first` on that one chunk takes. */
static option_row chunk_row(const option_row *row, size_t first)
{
    const size_t left = row->n - first;
    const option_row part = {row->strikes + first, row->rights == NULL ? NULL : row->rights + first,
                             left < LEWIS_MAX_STRIKES ? left : LEWIS_MAX_STRIKES};
    return part;
}

fel_status fast_prices(const fourier_law *law, const option_row *row, double *prices)
{
    const law_tails tails = law_find_tails(law, tolerance);
    for (size_t first = 0; first < row->n; first += LEWIS_MAX_STRIKES) {
        const option_row part = chunk_row(row, first);
        lewis_chunk chunk = {.n = part.n};
        FEL_TRY(sum_chunk(law, &tails, LEWIS_PRICE, part.strikes, &chunk));
        price_chunk(law, &part, &chunk, prices + first);
    }
    return FEL_OK;
}

fel_status fast_gradient(const fourier_law *law, const option_row *row, double *prices,
                         double *gradient)
{
    const law_tails tails = law_find_tails(law, tolerance);
    for (size_t first = 0; first < row->n; first += LEWIS_MAX_STRIKES) {
        const option_row part = chunk_row(row, first);
        double *out = gradient + first * FEL_HESTON_N_PARAMS;
        lewis_chunk chunk = {.n = part.n};
        FEL_TRY(sum_chunk(law, &tails, LEWIS_GRADIENT, part.strikes, &chunk));
        price_chunk(law, &part, &chunk, prices + first);
        for (size_t j = 0; j < part.n * FEL_HESTON_N_PARAMS; j++) {
            out[j] = 0.0;
        }
        for (size_t i = 0; i < chunk.n_kept; i++) {
            const double scale = law->discount * chunk.root[i];
            for (size_t j = 0; j < FEL_HESTON_N_PARAMS; j++) {
                out[chunk.kept[i] * FEL_HESTON_N_PARAMS + j] =
                    scale * chunk.sums[(j + 1) * chunk.n_kept + i];
            }
        }
    }
    return FEL_OK;
}

/* ---- greeks ---------------------------------------------------------------------------------- */

/* From the sums of the channels 1, z, z (1 - z), d/dt, d/dv0: the call is F^z K^(1-z) times what
 * depends on neither. */
static covered_value covered_at(const fourier_law *law, const lewis_chunk *chunk, double strike,
                                size_t i)
{
    const double forward = law->forward, root = chunk->root[i];
    const double *sums = chunk->sums + i;
    const size_t n = chunk->n_kept;
    covered_value c;
    c.value = covered(law, chunk, strike, i);
    c.by_forward = 1.0 - chunk->of_forward - root / forward * sums[n];
    c.by_strike = -chunk->of_strike - root / strike * (sums[0] - sums[n]);
    c.by_forward2 = root / (forward * forward) * sums[2 * n];
    c.by_time = -root * sums[3 * n];
    c.by_vol = -root * sums[4 * n];
    return c;
}

/* Far from the money the covered call is the lesser of forward and strike. */
static covered_value covered_outside(const fourier_law *law, double strike)
{
    const int above = law->forward > strike;
    const covered_value c = {.value = above ? strike : law->forward,
                             .by_forward = above ? 0.0 : 1.0,
                             .by_strike = above ? 1.0 : 0.0};
    return c;
}

fel_status fast_greeks(const fel_process *process, const fourier_law *law, const option_row *row,
                       fel_greeks *greeks)
{
    /* Second derivatives of what decays over a standard deviation are larger by its square. */
    const law_tails tails = law_find_tails(law, tolerance * fmin(law->variance, 1.0));
    for (size_t first = 0; first < row->n; first += LEWIS_MAX_STRIKES) {
        const option_row part = chunk_row(row, first);
        lewis_chunk chunk = {.n = part.n};
        FEL_TRY(sum_chunk(law, &tails, LEWIS_GREEKS, part.strikes, &chunk));
        size_t i = 0;
        for (size_t k = 0; k < part.n; k++) {
            const int is_kept = i < chunk.n_kept && chunk.kept[i] == k;
            const covered_value c = is_kept ? covered_at(law, &chunk, part.strikes[k], i)
                                            : covered_outside(law, part.strikes[k]);
            i += is_kept ? 1 : 0;
            greeks_of_covered(process, law, part.strikes[k], row_right(&part, k), &c,
                              &greeks[first + k]);
        }
    }
    return FEL_OK;
}
