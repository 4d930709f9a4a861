/* sim/paths_emit.c - what a path shows at a date, from the state of a step. */
#include <math.h>

#include "sim/generator_internal.h"

/* S = S_0 e^(drift t) e^x; the first factor in double. */
static void forward_factor(const asset_law *law, double t, double left, double c[3])
{
    (void)left;
    c[0] = law->process.spot * exp(law_drift(law) * t);
}

static void plain(const asset_law *law, double t, double left, double c[3])
{
    (void)law;
    (void)t;
    (void)left;
    c[1] = 1.0;
}

/* What is known, and the mean of what is to come, which is linear in v. */
static void swap_value(const asset_law *law, double t, double left, double c[3])
{
    (void)t;
    fel_heston at = law->process.heston;
    c[1] = left;
    c[2] = 1.0;
    if (law->has_variance) {
        at.v0 = 0.0;
        c[0] = fel_total_variance(&at, left);
        at.theta = 0.0;
        at.v0 = 1.0;
        c[1] = fel_total_variance(&at, left);
    }
}

typedef struct output_class {
    void (*weights)(const asset_law *law, double t, double left, double c[3]);
    emit_fn *(*kernel)(path_precision precision, cpu_level level);
    size_t from, also; /* pointers in the state, by place */
} output_class;

enum { HAS_V, HAS_X, HAS_INTEGRAL, HAS_REALISED, HAS_NOTHING };

static const output_class outputs[FEL_PATH_N_OUTPUTS] = {
    [FEL_PATH_SPOT] = {forward_factor, emit_exp, HAS_X, HAS_NOTHING},
    [FEL_PATH_VARIANCE] = {plain, emit_linear, HAS_V, HAS_NOTHING},
    [FEL_PATH_INTEGRATED] = {plain, emit_linear, HAS_INTEGRAL, HAS_NOTHING},
    [FEL_PATH_REALISED] = {plain, emit_linear, HAS_REALISED, HAS_NOTHING},
    [FEL_PATH_VARIANCE_SWAP] = {swap_value, emit_linear, HAS_V, HAS_INTEGRAL},
};

void paths_emit(const fel_paths *paths, const path_request *request, cpu_level level,
                const asset_law *law, const asset_state *state, const emit_place *place)
{
    const size_t size = request->precision == PATH_F32 ? sizeof(float) : sizeof(double);
    const double dates = (double)paths->config.n_dates, years = paths->config.horizon_years;
    const double t = years * ((double)place->date / dates);
    const double left = years * ((dates - (double)place->date) / dates);
    const char *const arrays[] = {state->v, state->x, state->totals.integral,
                                  state->totals.realised, NULL};
    const size_t skip = place->from * size;
    for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        if (request->values[o] != NULL) {
            const output_class *output = &outputs[o];
            const char *also = arrays[output->also];
            char *to = request->values[o];
            double c[3] = {0.0, 0.0, 0.0};
            output->weights(law, t, left, c);
            output->kernel(request->precision, level)(
                arrays[output->from] + skip, also == NULL ? NULL : also + skip, c,
                to + (place->row * request->path_stride + place->to) * size, place->count);
        }
    }
}
