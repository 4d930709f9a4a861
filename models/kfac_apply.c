/* models/kfac_apply.c - a direction of a gradient: (curvature + damping)^-1 gradient, block by
 * block.
 *
 * eigen:     Q_G' [(Q_G V Q_A') / (T d_G d_A + damping)] Q_A
 * tikhonov:  (G + eta_G)^-1 V (A + eta_A)^-1 / T
 * option 1:  as eigen, with the weights of chains in place of the quotient
 * option 2:  the same of V - Psi_G V Psi_A', and of what comes out, Z - Psi_G' Z Psi_A
 * others:    V / (n v + damping), v the mean squared gradient and n the samples of a batch, as the
 *            mean of n independent gradients has 1/n of their square */
#include <string.h>

#include "models/gemm_internal.h"
#include "models/kfac_internal.h"

/* ---- one band of a Kronecker block ----------------------------------------------------------- */

typedef struct band_job {
    const kfac_pair *pair;
    const kfac_side *inputs, *slopes;
    const double *weights; /* options: of this band */
    double damping;
    double *room; /* as large as the band */
} band_job;

/* out[m x n] = left v right, with room between; left or right may lie transposed. */
static void sandwich(const band_job *b, gemm_matrix left, const double *v, gemm_matrix right,
                     double *out)
{
    const size_t m = b->slopes->n, n = b->inputs->n;
    const gemm_shape first = {m, n, m, n}, second = {m, n, n, n};
    gemm_f64(first, 1.0, left, gemm_plain(v, n), 0.0, b->room);
    gemm_f64(second, 1.0, gemm_plain(b->room, n), right, 0.0, out);
}

static void weigh(const band_job *b, double *z)
{
    const size_t m = b->slopes->n, n = b->inputs->n;
    const double uses = *b->pair->uses;
    for (size_t i = 0; i < m; i++) {
        for (size_t k = 0; k < n; k++) {
            const double curvature = uses * b->slopes->values[i] * b->inputs->values[k];
            z[i * n + k] = b->weights != NULL ? z[i * n + k] * b->weights[i * n + k]
                                              : z[i * n + k] / (curvature + b->damping);
        }
    }
}

/* By coordinates: v becomes B_G' [weights x (B_G v B_A')] B_A; z is room. */
static void by_basis(const band_job *b, double *v, double *z)
{
    const size_t m = b->slopes->n, n = b->inputs->n;
    sandwich(b, gemm_plain(b->slopes->basis, m), v, gemm_transposed(b->inputs->basis, n), z);
    weigh(b, z);
    sandwich(b, gemm_transposed(b->slopes->basis, m), z, gemm_plain(b->inputs->basis, n), v);
}

static void subtract(size_t n, const double *from, double *v)
{
    for (size_t i = 0; i < n; i++) {
        v[i] -= from[i];
    }
}

static void by_endless_chain(const band_job *b, double *v, double *z)
{
    const size_t m = b->slopes->n, n = b->inputs->n;
    sandwich(b, gemm_plain(b->slopes->shift, m), v, gemm_transposed(b->inputs->shift, n), z);
    subtract(m * n, z, v);
    by_basis(b, v, z);
    sandwich(b, gemm_transposed(b->slopes->shift, m), v, gemm_plain(b->inputs->shift, n), z);
    subtract(m * n, z, v);
}

static void by_inverses(const band_job *b, double *v, double *z)
{
    const size_t m = b->slopes->n, n = b->inputs->n;
    sandwich(b, gemm_plain(b->slopes->basis, m), v, gemm_plain(b->inputs->basis, n), z);
    for (size_t i = 0; i < m * n; i++) {
        v[i] = z[i] / *b->pair->uses;
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Between parameters and [weights | bias]. */
static void gather(const kfac_pair *p, const double *params, double *v)
{
    const size_t n = p->inputs.n;
    for (size_t i = 0; i < p->rows; i++) {
        memcpy(v + i * n, params + p->weight + i * p->cols, p->cols * sizeof(*v));
        if (p->has_bias) {
            v[i * n + p->cols] = params[p->bias + i];
        }
    }
}

static void scatter(const kfac_pair *p, const double *v, double *params)
{
    const size_t n = p->inputs.n;
    for (size_t i = 0; i < p->rows; i++) {
        memcpy(params + p->weight + i * p->cols, v + i * n, p->cols * sizeof(*v));
        if (p->has_bias) {
            params[p->bias + i] = v[i * n + p->cols];
        }
    }
}

static void apply_pair(const fel_kfac *k, const kfac_pair *p, const double *gradient,
                       double *direction)
{
    typedef void apply_fn(const band_job *, double *, double *);
    static apply_fn *const by_time[] = {by_basis, by_basis, by_endless_chain};
    const int is_tikhonov = !kfac_has_lag(k) && kfac_choice(k, KFAC_DAMPING_KIND) == KFAC_TIKHONOV;
    apply_fn *const apply = is_tikhonov ? by_inverses : by_time[kfac_choice(k, KFAC_TIME_MODEL)];
    const size_t m = kfac_band_rows(p), n = p->inputs.n, size = p->rows * n;
    double *v = k->room;
    gather(p, gradient, v);
    for (size_t b = 0; b < p->n_bands; b++) {
        const band_job job = {.pair = p,
                              .inputs = &p->inputs,
                              .slopes = &p->slopes[b],
                              .weights = p->weights != NULL ? p->weights + b * m * n : NULL,
                              .damping = kfac_damping(k) + p->ridge,
                              .room = v + 2 * size};
        apply(&job, v + b * m * n, v + size);
    }
    scatter(p, v, direction);
}

/* n of the whole batch: statistics are of a share of it. */
static void apply_diagonal(const fel_kfac *k, const kfac_span *s, const double *gradient,
                           double *direction)
{
    const double damping = kfac_damping(k) + s->ridge;
    const double known = k->numbers[KFAC_SAMPLES] / kfac_param(k, KFAC_CURVATURE_SHARE);
    const double n = known > 1.0 ? known : 1.0;
    for (size_t i = s->offset; i < s->offset + s->n; i++) {
        direction[i] = gradient[i] / (n * k->squares[i] + damping);
    }
}

static int is_known(const fel_kfac *k, const kfac_span *s)
{
    return s->pair != KFAC_NO_PAIR && *k->pairs[s->pair].uses > 0.0 &&
           k->numbers[KFAC_INVERSIONS] > 0.0;
}

void kfac_apply(const fel_kfac *kfac, const double *gradient, double *direction)
{
    for (size_t i = 0; i < kfac->n_spans; i++) {
        const kfac_span *s = &kfac->spans[i];
        if (!is_known(kfac, s)) {
            apply_diagonal(kfac, s, gradient, direction);
        } else if (kfac->pairs[s->pair].block == i) {
            apply_pair(kfac, &kfac->pairs[s->pair], gradient, direction);
        }
    }
}

void fel_kfac_precondition_f64(const fel_kfac *kfac, const double *gradient, double *direction)
{
    kfac_apply(kfac, gradient, direction);
}

void fel_kfac_precondition_f32(const fel_kfac *kfac, const float *gradient, float *direction)
{
    for (size_t i = 0; i < kfac->n_params; i++) {
        kfac->gradient[i] = (double)gradient[i];
    }
    kfac_apply(kfac, kfac->gradient, kfac->direction);
    for (size_t i = 0; i < kfac->n_params; i++) {
        direction[i] = (float)kfac->direction[i];
    }
}
