/* study/forecast_join.c - the outputs of several seeds made one number. */
#include <math.h>
#include <stdlib.h>

#include "study/forecast_internal.h"

/* Mean of the seeds' outputs or of their signs. */
static double join_seeds(const study_model *model, const double *outputs, size_t n_seeds)
{
    double sum = 0.0;
    for (size_t k = 0; k < n_seeds; k++) {
        const double x = outputs[k];
        sum += model->ensemble == 0 ? x : (double)((x > 0.0) - (x < 0.0));
    }
    return sum / (double)n_seeds;
}

/* Where x lies among the numbers, -1 (below all) to 1 (above all); ties half. */
static double place_among(double x, const double *numbers, size_t n)
{
    double below = 0.0;
    for (size_t i = 0; i < n; i++) {
        below += numbers[i] < x ? 1.0 : numbers[i] == x ? 0.5 : 0.0;
    }
    return n > 0 ? 2.0 * below / (double)n - 1.0 : (double)NAN;
}

fel_status forecast_join(const study_model *model, const forecast_outputs *test,
                         const forecast_outputs *validation, double *joined)
{
    double *scale = malloc((validation->n + 1) * sizeof(*scale));
    if (scale == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu outputs", validation->n);
    }
    for (size_t i = 0; i < validation->n; i++) {
        scale[i] = join_seeds(model, validation->values + i * test->n_seeds, test->n_seeds);
    }
    for (size_t i = 0; i < test->n; i++) {
        const double x = join_seeds(model, test->values + i * test->n_seeds, test->n_seeds);
        joined[i] = model->output == 0 ? x : place_among(x, scale, validation->n);
    }
    free(scale);
    return FEL_OK;
}
