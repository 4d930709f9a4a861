/* hedge/book_piece_kernel.c - what barrier options and touches are made of; in double only.
 *
 * With H the barrier, nu = (carry - vol^2 / 2) t, w = vol^2 t, p = 2 nu / w, every part of their
 * formulas (Reiner, Rubinstein 1991; sim/closed_barrier.c has them put together) is
 *   A exp(k ln(S / H)) N(y),  y linear in ln S with slope m,
 *   direct   cash: k = 0;      asset: k = 1 (A by H);       y = beyond (ln(S / L) + nu [+ w]) / s
 *   mirror   cash: k = -p;     asset: k = -p - 1 (A by H);  y = beyond (ln(H^2 / (S L)) + nu [+ w])
 * / s hit      paid on meeting H: k = -(p / 2 +- root), root = sqrt(p^2 / 4 + 2 r t / w), y =
 * beyond (ln(H / S) +- root w) / s and so are its derivatives by ln S: k and m come down. Asset
 * pieces grow by exp(-q t), cash ones by exp(-r t). */
#include "core/real.h"
#include "hedge/book_internal.h"

#if REAL_BITS == 64
#include "core/vmath.h"

void KERNEL(book_piece)(const piece_job *job);
void KERNEL(book_alive)(const alive_job *job);

#define LEAST_DEVIATION 1e-5

typedef struct slope {
    double k, y, m;
} slope;

static inline __attribute__((always_inline)) slope slope_of(const piece_job *job, piece_kind kind,
                                                            double s, double x, double level)
{
    /* x = ln(S / H), level = ln(L / H). */
    const double w = s * s, nu = job->carry_t - 0.5 * w, p = 2.0 * nu / w;
    const double beyond = job->piece->beyond / s, asset = job->piece->is_asset ? 1.0 : 0.0;
    slope out;
    if (kind == PIECE_DIRECT) {
        out.k = asset;
        out.y = beyond * (x - level + nu + asset * w);
        out.m = beyond;
    } else if (kind == PIECE_MIRROR) {
        out.k = -p - asset;
        out.y = beyond * (nu + asset * w - x - level);
        out.m = -beyond;
    } else {
        const double inside = 0.25 * p * p + 2.0 * job->rate_t / w;
        const double size = __builtin_sqrt(inside > 0.0 ? inside : 0.0);
        const double root = kind == PIECE_HIT_FAR ? size : -size;
        out.k = -(0.5 * p + root);
        out.y = beyond * (root * w - x);
        out.m = -beyond;
    }
    return out;
}

static inline __attribute__((always_inline)) void run(const piece_job *job, piece_kind kind)
{
    const double *restrict spot = job->spot, *restrict variance = job->variance;
    const double *restrict weight = job->weight;
    double *restrict delta = job->delta, *restrict gamma = job->gamma;
    const double inverse = 1.0 / job->barrier, t = job->t_years, shift = job->shift;
    const double level = log_f64(job->piece->level * inverse);
    const int moves = job->piece->level_is_barrier;
    const int is_asset = kind < PIECE_HIT_FAR && job->piece->is_asset;
    const double grown =
        is_asset ? job->barrier * exp_f64(job->carry_t - job->rate_t) : exp_f64(-job->rate_t);
    const double unit = job->scale * job->piece->amplitude * (kind < PIECE_HIT_FAR ? grown : 1.0);
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double vol = __builtin_sqrt(variance[i]), root = __builtin_sqrt(variance[i] * t);
        const double s = root > LEAST_DEVIATION ? root : LEAST_DEVIATION;
        const double moved = shift * vol;
        const double x = log_f64(spot[i] * inverse) - moved;
        const double at = moves ? 0.0 : level - moved;
        const slope l = slope_of(job, kind, s, x, at);
        const double power = is_asset ? REAL_FMA(l.k, x, moved) : l.k * x;
        const double size = __builtin_fabs(l.y), far = size < 37.5 ? size : 37.5;
        const double bell = exp_f64(power - 0.5 * l.y * l.y);
        const double tail = bell * normal_ratio_f64(far);
        const double cdf = l.y > 0.0 ? exp_f64(power) - tail : tail;
        const double phi = 0.398942280401432677939946 * bell;
        const double v1 = REAL_FMA(l.k, cdf, l.m * phi);
        const double v2 = l.k * REAL_FMA(2.0 * l.m, phi, l.k * cdf) - l.m * l.m * l.y * phi;
        const double scale = unit * weight[i] / spot[i];
        delta[i] = REAL_FMA(scale, v1, delta[i]);
        gamma[i] = REAL_FMA(scale / spot[i], v2 - v1, gamma[i]);
    }
}

void KERNEL(book_piece)(const piece_job *job)
{
    switch (job->piece->kind) {
    case PIECE_DIRECT:
        run(job, PIECE_DIRECT);
        break;
    case PIECE_MIRROR:
        run(job, PIECE_MIRROR);
        break;
    case PIECE_HIT_FAR:
        run(job, PIECE_HIT_FAR);
        break;
    case PIECE_HIT_NEAR:
        run(job, PIECE_HIT_NEAR);
        break;
    }
}

void KERNEL(book_alive)(const alive_job *job)
{
    const double *restrict before = job->spot_before, *restrict spot = job->spot;
    const double *restrict variance = job->variance;
    double *restrict alive = job->alive;
    const double inverse = 1.0 / job->barrier, sign = job->sign, dt = job->dt_years;
    for (size_t i = 0; i < job->n; i++) {
        const double a = sign * log_f64(before[i] * inverse);
        const double b = sign * log_f64(spot[i] * inverse);
        const double clock = variance[i] * dt;
        const double met = exp_f64(-2.0 * a * b / (clock > 1e-300 ? clock : 1e-300));
        alive[i] *= b > 0.0 ? (dt > 0.0 ? 1.0 - met : 1.0) : 0.0;
    }
}
#endif
