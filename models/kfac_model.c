/* models/kfac_model.c - how far to go: the minimum of the damped quadratic model over the plane of
 * the new direction and the last step (Martens and Grosse 2015, section 7), or fixed factors.
 *
 * The curvature along both is the host's, which is exact where it is a directional derivative; the
 * factors only choose the direction. */
#include <math.h>

#include "core/sum.h"
#include "models/kfac_step_internal.h"

static double inner(const double *a, const double *b, size_t n)
{
    running_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        running_add(&sum, a[i] * b[i]);
    }
    return running_value(&sum);
}

/* With damping and what pulls parameters to 0 between. */
static double damped_inner(const fel_kfac *k, const double *a, const double *b)
{
    const double damping = kfac_damping(k);
    double sum = 0.0;
    for (size_t i = 0; i < k->n_spans; i++) {
        const kfac_span *s = &k->spans[i];
        sum += (damping + s->ridge) * inner(a + s->offset, b + s->offset, s->n);
    }
    return sum;
}

/* ---- the model ------------------------------------------------------------------------------- */

static void add_direction(const kfac_stepper *s, const double *direction, kfac_model *m)
{
    const fel_kfac *k = s->kfac;
    const double norm = sqrt(inner(direction, direction, k->n_params));
    if (!(norm > 0.0) || !isfinite(norm)) {
        return;
    }
    for (size_t i = 0; i < k->n_params; i++) {
        kfac_set_number(s, k->vectors[m->n], i, direction[i] / norm);
    }
    m->of[m->n] = direction;
    m->norms[m->n] = norm;
    m->slopes[m->n] = inner(k->gradient, direction, k->n_params) / norm;
    m->n++;
}

static int all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return 0;
        }
    }
    return 1;
}

/* Where the host has no number, what the factors say of their own direction: direction' (factored
 * curvature + damping) direction = direction' gradient. */
static void use_factors(kfac_model *m)
{
    m->n = 1;
    m->is_measured = 0;
    m->matrix[0] = m->slopes[0] / m->norms[0];
    m->curvature[0] = 0.0;
    m->agreement = 1.0;
}

static fel_status measure(const kfac_stepper *s, kfac_model *m)
{
    const fel_kfac *k = s->kfac;
    const void *const directions[KFAC_MAX_DIRECTIONS] = {k->vectors[0], k->vectors[1]};
    FEL_TRY(s->host->curvature(s->host->payload, s->params, directions, m->n, m->curvature));
    for (size_t i = 0; i < m->n; i++) {
        for (size_t j = 0; j < m->n; j++) {
            const double damped = damped_inner(k, m->of[i], m->of[j]);
            m->matrix[i * m->n + j] =
                m->curvature[i * m->n + j] + damped / (m->norms[i] * m->norms[j]);
        }
    }
    m->is_measured = 1;
    m->agreement = m->slopes[0] / m->norms[0] / m->matrix[0];
    if (!all_finite(m->matrix, m->n * m->n) || !(m->matrix[0] > 0.0)) {
        use_factors(m);
    }
    return FEL_OK;
}

/* ---- the step -------------------------------------------------------------------------------- */

/* Matrices this close to singular say nothing of the second direction. */
static const double least_determinant = 1e-10;

static void minimise(kfac_model *m)
{
    const double *b = m->matrix, *g = m->slopes;
    m->c[0] = -g[0] / b[0];
    m->c[1] = 0.0;
    if (m->n < 2) {
        return;
    }
    const double off = 0.5 * (b[1] + b[2]), det = b[0] * b[3] - off * off;
    if (det > least_determinant * b[0] * b[3]) {
        m->c[0] = (-g[0] * b[3] + g[1] * off) / det;
        m->c[1] = (-g[1] * b[0] + g[0] * off) / det;
    }
}

static void fix(const kfac_stepper *s, kfac_model *m)
{
    m->c[0] = -m->norms[0];
    m->c[1] = m->n > 1 ? kfac_param(s->kfac, KFAC_MOMENTUM) * m->norms[1] : 0.0;
}

static double quadratic(const kfac_model *m, const double *matrix)
{
    double sum = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        for (size_t j = 0; j < m->n; j++) {
            sum += m->c[i] * matrix[i * m->n + j] * m->c[j];
        }
    }
    return sum;
}

/* The rate, then the clip. */
static void shorten(const kfac_stepper *s, kfac_model *m, int is_fixed)
{
    const double clip = kfac_param(s->kfac, KFAC_CLIP);
    m->c[0] *= s->rate;
    m->c[1] *= is_fixed ? 1.0 : s->rate;
    const double length = clip > 0.0 ? quadratic(m, m->is_measured ? m->curvature : m->matrix) : 0;
    for (size_t i = 0; i < m->n && length > clip; i++) {
        m->c[i] *= sqrt(clip / length);
    }
}

static void combine(const kfac_stepper *s, const kfac_model *m)
{
    const fel_kfac *k = s->kfac;
    for (size_t i = 0; i < k->n_params; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < m->n; j++) {
            sum += m->c[j] / m->norms[j] * m->of[j][i];
        }
        k->step[i] = sum;
    }
}

fel_status kfac_model_step(const kfac_stepper *s, int needs_prediction, kfac_model *model)
{
    const fel_kfac *k = s->kfac;
    const int is_fixed = kfac_choice(k, KFAC_MOMENTUM_KIND) == KFAC_MOMENTUM_FIXED;
    kfac_model *m = model;
    *m = (kfac_model){.n = 0};
    add_direction(s, k->direction, m);
    if (m->n == 1) {
        add_direction(s, k->last_step, m);
        if (!is_fixed || needs_prediction || kfac_param(k, KFAC_CLIP) > 0.0) {
            FEL_TRY(measure(s, m));
        }
        if (is_fixed) {
            fix(s, m);
        } else {
            minimise(m);
        }
        shorten(s, m, is_fixed);
        for (size_t i = 0; i < m->n; i++) {
            m->predicted += m->slopes[i] * m->c[i];
        }
        m->predicted += 0.5 * quadratic(m, m->matrix);
    }
    combine(s, m);
    s->report->step_size = m->n > 0 ? -m->c[0] / m->norms[0] : 0.0;
    s->report->momentum = m->n > 1 ? m->c[1] / m->norms[1] : 0.0;
    return FEL_OK;
}
