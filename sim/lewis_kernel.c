/* sim/lewis_kernel.c - blocks of nodes of the inversion integral: the moment function on a line
 * z = p + i u with its derivatives, and the sums over nodes for each strike.
 *
 * ln M(z) = kappa theta A + v0 B (Heston 1993) with s = z (1 - z), b = kappa - rho xi z,
 * d = sqrt(b^2 + xi^2 s), E = 1 - exp(-d t), w = s E / (2 d (b + d)):
 *   A = -s t / (b + d) - (2 / xi^2) ln(1 - xi^2 w),   B = -w (b + d) / (1 - xi^2 w).
 * This is the form with exp(-d t), continuous in u, rid of its divisions 0/0 as xi -> 0. In double
 * only. */
#include "sim/lewis_internal.h"

#if REAL_BITS == 64

#include "sim/vcomplex_internal.h"

/* The pieces of the formula at each node of a block. */
typedef struct row {
    double re[LEWIS_BLOCK], im[LEWIS_BLOCK];
} row;
typedef struct heston_rows {
    row d, gone;     /* gone: E */
    row over_p;      /* 1 / (d (b + d)) */
    row w, over_one; /* over_one: 1 / (1 - xi^2 w) */
    row log_one;     /* ln(1 - xi^2 w) */
    row a, b;        /* A and B */
} heston_rows;

static inline vcplx at(const row *r, size_t i)
{
    return vc(r->re[i], r->im[i]);
}
static inline void put(row *r, size_t i, vcplx z)
{
    r->re[i] = z.re;
    r->im[i] = z.im;
}

/* b of the formula. */
static inline vcplx slope_at(const fourier_law *law, vcplx z)
{
    const double rho_xi = law->rho * law->xi;
    return vc(__builtin_fma(-rho_xi, z.re, law->kappa), -rho_xi * z.im);
}

/* d, E and 1 / (d (b + d)). */
static inline void fill_roots(const fourier_law *law, const row *z, const row *s, heston_rows *h)
{
    const double xi2 = law->xi * law->xi, t = law->t;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const vcplx b = slope_at(law, at(z, i));
        const vcplx square = vc_fma(b, b, vc_scale(at(s, i), xi2)), d = vc_sqrt(square);
        double sine = 0.0, cosine = 0.0;
        sincos_f64(0.5 * d.im * t, &sine, &cosine);
        const double shrink = expm1_f64(-d.re * t), twice = 2.0 * sine * sine;
        put(&h->d, i, d);
        h->gone.re[i] = __builtin_fma(-shrink, 1.0 - twice, twice);
        h->gone.im[i] = (1.0 + shrink) * (2.0 * sine * cosine);
        put(&h->over_p, i, vc_inverse(vc_fma(d, b, square)));
    }
}

/* w, 1 / (1 - xi^2 w) and its logarithm. */
static inline void fill_logs(const fourier_law *law, const row *s, heston_rows *h)
{
    const double xi2 = law->xi * law->xi;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const vcplx half = vc_scale(vc_mul(at(&h->gone, i), at(&h->over_p, i)), 0.5);
        const vcplx w = vc_mul(half, at(s, i)), less = vc_scale(w, -xi2);
        put(&h->w, i, w);
        put(&h->over_one, i, vc_inverse(vc(1.0 + less.re, less.im)));
        put(&h->log_one, i, vc_log1p(less));
    }
}

/* A, B and ln M. */
static inline void fill_heston(const fourier_law *law, const row *z, const row *s, heston_rows *h,
                               row *psi)
{
    const double over_xi2 = -2.0 / (law->xi * law->xi), long_run = law->kappa * law->theta;
    fill_roots(law, z, s, h);
    fill_logs(law, s, h);
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const vcplx d = at(&h->d, i), sum = vc_add(slope_at(law, at(z, i)), d);
        const vcplx linear = vc_scale(vc_mul(vc_mul(d, at(&h->over_p, i)), at(s, i)), -law->t);
        const vcplx a = vc(__builtin_fma(over_xi2, h->log_one.re[i], linear.re),
                           __builtin_fma(over_xi2, h->log_one.im[i], linear.im));
        const vcplx b = vc_scale(vc_mul(vc_mul(at(&h->w, i), sum), at(&h->over_one, i)), -1.0);
        put(&h->a, i, a);
        put(&h->b, i, b);
        psi->re[i] = __builtin_fma(long_run, a.re, law->v0 * b.re);
        psi->im[i] = __builtin_fma(long_run, a.im, law->v0 * b.im);
    }
}

static inline void fill_gaussian(const fourier_law *law, const row *s, row *psi)
{
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        put(psi, i, vc_scale(at(s, i), -0.5 * law->variance));
    }
}

/* lambda t (E[J^z] - 1 - z E[J - 1]), E[J^z] = exp(mu z + delta^2 z^2 / 2). */
static inline void fill_jumps(const fourier_law *law, const row *z, row *jump)
{
    const double half = 0.5 * law->jump_vol * law->jump_vol, drift = law->jump_drift;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const vcplx y = at(z, i), power = vc_mul(y, vc(law->jump_mean + half * y.re, half * y.im));
        double sine = 0.0, cosine = 0.0;
        sincos_f64(power.im, &sine, &cosine);
        const double size = exp_f64(power.re);
        put(jump, i,
            vc(law->intensity * (__builtin_fma(size, cosine, -1.0) - drift * y.re),
               law->intensity * __builtin_fma(size, sine, -(drift * y.im))));
    }
}

/* Channel 0: -step / pi x M / s. */
static inline void fill_weights(const row *s, const row *psi, lewis_block *block)
{
    const double scale = block->step * -0.31830988618379067154;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        double sine = 0.0, cosine = 0.0;
        sincos_f64(psi->im[i], &sine, &cosine);
        const double size = scale * exp_f64(psi->re[i]);
        const vcplx weight = vc_mul(vc(size * cosine, size * sine), vc_inverse(at(s, i)));
        block->re[0][i] = weight.re;
        block->im[0][i] = weight.im;
    }
}

/* ---- derivatives ----------------------------------------------------------------------------- */

static inline void put_channel(lewis_block *block, size_t channel, size_t i, vcplx factor)
{
    const vcplx z = vc_mul(vc(block->re[0][i], block->im[0][i]), factor);
    block->re[channel][i] = z.re;
    block->im[channel][i] = z.im;
}

/* Channels 1 and 2: z and s; for delta and gamma. */
static inline void fill_spot(const row *z, const row *s, lewis_block *block)
{
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        put_channel(block, 1, i, at(z, i));
        put_channel(block, 2, i, at(s, i));
    }
}

/* Channels 3 and 4: d ln M / dt, by Riccati's equation B' = xi^2 B^2 / 2 - b B - s / 2, A' = B, and
 * d ln M / dv0 = B. */
static inline void fill_time_heston(const fourier_law *law, const row *z, const row *s,
                                    const heston_rows *h, const row *jump, lewis_block *block)
{
    const double half_xi2 = 0.5 * law->xi * law->xi, long_run = law->kappa * law->theta;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const vcplx b = at(&h->b, i);
        const vcplx inner = vc_sub(vc_scale(b, half_xi2), slope_at(law, at(z, i)));
        const vcplx rate = vc_fma(b, inner, vc_scale(at(s, i), -0.5));
        const vcplx jumps = vc_scale(at(jump, i), 1.0 / law->t);
        put_channel(block, 3, i,
                    vc_add(vc_add(vc_scale(rate, law->v0), vc_scale(b, long_run)), jumps));
        put_channel(block, 4, i, b);
    }
}

/* The same where the variance is constant: channel 4 is by the total variance. */
static inline void fill_time_gaussian(const fourier_law *law, const row *s, const row *jump,
                                      lewis_block *block)
{
    const double rate = -0.5 * law->variance / law->t;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const vcplx jumps = vc_scale(at(jump, i), 1.0 / law->t);
        put_channel(block, 3, i, vc_add(vc_scale(at(s, i), rate), jumps));
        put_channel(block, 4, i, vc_scale(at(s, i), -0.5));
    }
}

/* d/db and the explicit d/dxi of w, A and B; see docs/pricing.md. */
typedef struct partials {
    vcplx a_b, b_b, a_xi, b_xi;
} partials;

/* 4 / xi^3 (ln(1 + z) - z / (1 + z)), z = -xi^2 w: by its series where z is small. */
static inline vcplx log_rest(vcplx z, vcplx log_one, vcplx over_one, double xi)
{
    const vcplx plain = vc_fma(vc(-z.re, -z.im), over_one, log_one), square = vc_mul(z, z);
    vcplx series = vc(-5.0 / 6.0, 0.0);
    series = vc_fma(series, z, vc(4.0 / 5.0, 0.0));
    series = vc_fma(series, z, vc(-3.0 / 4.0, 0.0));
    series = vc_fma(series, z, vc(2.0 / 3.0, 0.0));
    series = vc_fma(series, z, vc(-1.0 / 2.0, 0.0));
    series = vc_mul(series, vc(-square.re, -square.im));
    const int is_small = __builtin_fma(z.re, z.re, z.im * z.im) < 1e-6;
    const double scale = 4.0 / (xi * xi * xi);
    return vc(scale * (is_small ? series.re : plain.re), scale * (is_small ? series.im : plain.im));
}

static inline partials partials_at(const fourier_law *law, const heston_rows *h, vcplx b, vcplx s,
                                   size_t i)
{
    const double xi = law->xi, xi2 = xi * xi, t = law->t;
    const vcplx d = at(&h->d, i), sum = vc_add(b, d), over_p = at(&h->over_p, i);
    const vcplx w = at(&h->w, i), over_one = at(&h->over_one, i), big_b = at(&h->b, i);
    const vcplx over_d = vc_mul(sum, over_p), over_sum = vc_mul(d, over_p);
    const vcplx s_over_p = vc_mul(s, over_p), st_over_sum = vc_scale(vc_mul(s, over_sum), t);
    /* s t exp(-d t) / (2 d (b + d)) */
    const vcplx shrink = vc(1.0 - h->gone.re[i], -h->gone.im[i]);
    const vcplx decay = vc_scale(vc_mul(shrink, s_over_p), 0.5 * t);
    const vcplx w_b = vc_mul(vc_sub(vc_mul(decay, b), vc_mul(vc_mul(w, sum), over_d)), over_d);
    const vcplx d_xi = vc_scale(vc_mul(over_d, s), xi);
    const vcplx w_xi = vc_mul(d_xi, vc_sub(decay, vc_mul(w, vc_add(over_d, over_sum))));
    const vcplx one_xi = vc_add(vc_scale(w, 2.0 * xi), vc_scale(w_xi, xi2)); /* of xi^2 w */
    const vcplx bent_b = vc_mul(sum, vc_fma(w, over_d, w_b));
    const vcplx bent_xi = vc_fma(sum, w_xi, vc_mul(w, d_xi));
    const vcplx rest = log_rest(vc_scale(w, -xi2), at(&h->log_one, i), over_one, xi);
    partials p;
    p.a_b = vc_add(vc_mul(vc_scale(w_b, 2.0), over_one), vc_scale(s_over_p, t));
    p.b_b = vc_mul(vc_sub(vc_scale(vc_mul(big_b, w_b), xi2), bent_b), over_one);
    p.a_xi =
        vc_fma(vc_mul(d_xi, st_over_sum), over_sum, vc_fma(vc_scale(w_xi, 2.0), over_one, rest));
    p.b_xi = vc_mul(vc_sub(vc_mul(big_b, one_xi), bent_xi), over_one);
    return p;
}

/* Channels 1 .. 5: by v0, kappa, theta, xi, rho. */
static inline void fill_gradient(const fourier_law *law, const row *z, const row *s,
                                 const heston_rows *h, lewis_block *block)
{
    const double long_run = law->kappa * law->theta;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const partials p = partials_at(law, h, slope_at(law, at(z, i)), at(s, i), i);
        const vcplx by_b = vc_add(vc_scale(p.a_b, long_run), vc_scale(p.b_b, law->v0));
        const vcplx by_xi = vc_add(vc_scale(p.a_xi, long_run), vc_scale(p.b_xi, law->v0));
        const vcplx a = at(&h->a, i), by_bz = vc_mul(by_b, at(z, i));
        put_channel(block, 1, i, at(&h->b, i));
        put_channel(block, 2, i, vc_add(vc_scale(a, law->theta), by_b));
        put_channel(block, 3, i, vc_scale(a, law->kappa));
        put_channel(block, 4, i, vc_add(vc_scale(by_bz, -law->rho), by_xi));
        put_channel(block, 5, i, vc_scale(by_bz, -law->xi));
    }
}

/* z and s = z (1 - z) = p (1 - p) + u^2 + i u (1 - 2 p). */
static inline void fill_line(const lewis_block *block, row *z, row *s)
{
    const double p = block->p;
    for (size_t i = 0; i < LEWIS_BLOCK; i++) {
        const double u = __builtin_fma((double)(int)i, block->step, block->first);
        put(z, i, vc(p, u));
        put(s, i, vc(__builtin_fma(u, u, p * (1.0 - p)), u * (1.0 - 2.0 * p)));
    }
}

void KERNEL(lewis_fill)(const fourier_law *law, lewis_set set, lewis_block *block)
{
    row z, s, psi, jump = {{0.0}, {0.0}};
    heston_rows h;
    fill_line(block, &z, &s);
    if (law->has_variance) {
        fill_heston(law, &z, &s, &h, &psi);
    } else {
        fill_gaussian(law, &s, &psi);
    }
    block->size = exp_f64(psi.re[LEWIS_BLOCK - 1]);
    if (law->intensity > 0.0) {
        fill_jumps(law, &z, &jump);
        for (size_t i = 0; i < LEWIS_BLOCK; i++) {
            put(&psi, i, vc_add(at(&psi, i), at(&jump, i)));
        }
    }
    fill_weights(&s, &psi, block);
    if (set == LEWIS_GREEKS) {
        fill_spot(&z, &s, block);
        if (law->has_variance) {
            fill_time_heston(law, &z, &s, &h, &jump, block);
        } else {
            fill_time_gaussian(law, &s, &jump, block);
        }
    } else if (set == LEWIS_GRADIENT) {
        fill_gradient(law, &z, &s, &h, block);
    }
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* Re(exp(i u x) weight) added up, each lane on its own. */
static inline void add_strike(const lewis_block *block, size_t n_channels, lewis_strike *strike)
{
    for (size_t group = 0; group < LEWIS_BLOCK; group += LEWIS_LANES) {
        for (size_t c = 0; c < n_channels; c++) {
            const double *re = block->re[c] + group, *im = block->im[c] + group;
            for (size_t l = 0; l < LEWIS_LANES; l++) {
                const double sum = __builtin_fma(re[l], strike->re[l], strike->sum[c][l]);
                strike->sum[c][l] = __builtin_fma(-im[l], strike->im[l], sum);
            }
        }
        for (size_t l = 0; l < LEWIS_LANES; l++) {
            const double re = strike->re[l], im = strike->im[l];
            strike->re[l] = __builtin_fma(re, strike->turn_re, -(im * strike->turn_im));
            strike->im[l] = __builtin_fma(re, strike->turn_im, im * strike->turn_re);
        }
    }
}

void KERNEL(lewis_add)(const lewis_block *block, lewis_set set, lewis_strike *strikes, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (set == LEWIS_PRICE) {
            add_strike(block, 1, &strikes[k]);
        } else {
            add_strike(block, set == LEWIS_GREEKS ? 5 : LEWIS_MAX_CHANNELS, &strikes[k]);
        }
    }
}

#endif
