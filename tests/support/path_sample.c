/* tests/support/path_sample.c - see path_sample.h. */
#include "tests/support/path_sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/check.h"

enum { CHUNK = 1 << 15, PILOT = 1 << 14 };

typedef struct ends {
    double *spot, *variance, *integral; /* of both dates: CHUNK at time 0, CHUNK at the end */
} ends;

static ends ends_create(void)
{
    double *all = malloc(3 * 2 * CHUNK * sizeof(*all));
    if (all == NULL) {
        const ends none = {NULL, NULL, NULL};
        return none;
    }
    const ends e = {all, all + 2 * CHUNK, all + 4 * CHUNK};
    return e;
}

static void ends_fill(const ends *e, const fel_paths *paths, uint64_t first, size_t n)
{
    const fel_path_block_f64 block = {
        .first_path = first,
        .n_paths = n,
        .path_stride = CHUNK,
        .values = {[FEL_PATH_SPOT] = e->spot,
                   [FEL_PATH_VARIANCE] = e->variance,
                   [FEL_PATH_INTEGRATED] = e->integral},
    };
    CHECK_OK(fel_paths_fill_parallel_f64(paths, &block, 0));
}

static path_end end_at(const ends *e, size_t i)
{
    const path_end end = {e->spot[CHUNK + i], e->variance[CHUNK + i], e->integral[CHUNK + i]};
    return end;
}

path_plan path_plan_of(const fel_process *process, fel_scheme scheme, double t_years,
                       size_t n_steps, size_t n_paths)
{
    path_plan plan = {*process, fel_path_config_default(), n_paths};
    plan.config.scheme = scheme;
    plan.config.horizon_years = t_years;
    plan.config.n_dates = 1;
    plan.config.n_substeps = n_steps;
    return plan;
}

/* Slope of the value on the control, from paths far away from the others. */
static double slope_of(const fel_paths *paths, const ends *e, path_value *value,
                       const void *context, const path_control *control)
{
    const int is_random = fel_paths_config(paths)->draws == FEL_DRAWS_PSEUDO;
    ends_fill(e, paths, is_random ? UINT64_C(1) << 40 : 0, PILOT);
    double sum_xy = 0.0, sum_xx = 0.0, mean_y = 0.0;
    for (size_t i = 0; i < PILOT; i++) {
        const path_end end = end_at(e, i);
        mean_y += value(&end, context) / PILOT;
    }
    for (size_t i = 0; i < PILOT; i++) {
        const path_end end = end_at(e, i);
        const double x = control->value(&end, context) - control->mean;
        sum_xy += x * (value(&end, context) - mean_y);
        sum_xx += x * x;
    }
    return sum_xx > 0.0 ? sum_xy / sum_xx : 0.0;
}

/* Sums of a chunk's values, in pairs if asked for. */
typedef struct sums {
    long double one, two;
    size_t n;
} sums;

static double controlled(const path_end *end, path_value *value, const void *context,
                         const path_control *control, double slope)
{
    const double plain = value(end, context);
    return control != NULL ? plain - slope * (control->value(end, context) - control->mean) : plain;
}

estimate path_estimate(const path_plan *plan, path_value *value, const void *context,
                       const path_control *control)
{
    fel_paths *paths = NULL;
    ends e = ends_create();
    sums s = {0.0L, 0.0L, 0};
    const size_t together = plan->config.antithetic ? 2 : 1;
    estimate out = {(double)NAN, 0.0};
    CHECK_OK(fel_paths_create(&paths, &plan->process, 1, NULL, &plan->config));
    if (paths == NULL || e.spot == NULL) {
        goto done;
    }
    const double slope = control != NULL ? slope_of(paths, &e, value, context, control) : 0.0;
    for (size_t first = 0; first < plan->n_paths; first += CHUNK) {
        const size_t left = plan->n_paths - first, n = left < CHUNK ? left : CHUNK;
        ends_fill(&e, paths, first, n);
        for (size_t i = 0; i + together <= n; i += together) {
            double sum = 0.0;
            for (size_t k = 0; k < together; k++) {
                const path_end end = end_at(&e, i + k);
                sum += controlled(&end, value, context, control, slope);
            }
            const double mean = sum / (double)together;
            s.one += (long double)mean;
            s.two += (long double)mean * (long double)mean;
            s.n++;
        }
    }
    out.mean = (double)(s.one / (long double)s.n);
    const double square = (double)(s.two / (long double)s.n) - out.mean * out.mean;
    out.error = sqrt(fmax(square, 0.0) / (double)s.n);
done:
    fel_paths_destroy(paths);
    free(e.spot);
    return out;
}

estimate path_estimate_sobol(const path_plan *plan, path_value *value, const void *context,
                             const path_control *control, uint32_t n_replicates)
{
    path_plan one = *plan;
    double sum = 0.0, square = 0.0;
    one.config.draws = FEL_DRAWS_SOBOL;
    for (one.config.replicate = 0; one.config.replicate < n_replicates; one.config.replicate++) {
        const double mean = path_estimate(&one, value, context, control).mean;
        sum += mean;
        square += mean * mean;
    }
    const double n = n_replicates, mean = sum / n;
    const estimate out = {mean, sqrt(fmax(square / n - mean * mean, 0.0) / (n - 1.0))};
    return out;
}

fel_process heston_process(double spot, double v0, double kappa, double theta, double xi,
                           double rho)
{
    const fel_process p = {
        .kind = FEL_PROCESS_HESTON,
        .spot = spot,
        .heston = {v0, kappa, theta, xi, rho},
    };
    return p;
}

double end_call(const path_end *end, const void *context)
{
    const double *strike = context;
    return fmax(end->spot - *strike, 0.0);
}

double end_spot(const path_end *end, const void *context)
{
    (void)context;
    return end->spot;
}

double end_variance(const path_end *end, const void *context)
{
    (void)context;
    return end->variance;
}

double end_variance_squared(const path_end *end, const void *context)
{
    (void)context;
    return end->variance * end->variance;
}

double end_integral(const path_end *end, const void *context)
{
    (void)context;
    return end->integral;
}

double end_integral_squared(const path_end *end, const void *context)
{
    (void)context;
    return end->integral * end->integral;
}

void check_estimate_at(estimate e, double expected, double slack, const char *what,
                       const char *file, int line)
{
    const double off = fabs(e.mean - expected);
    if (!(off <= 4.0 * e.error + slack)) {
        (void)printf("\n%s:%d: %s is %.8g (standard error %.2g), expected %.8g\n", file, line, what,
                     e.mean, e.error, expected);
    }
    check_true_at(off <= 4.0 * e.error + slack, what, file, line);
}
