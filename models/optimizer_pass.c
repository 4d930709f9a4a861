/* models/optimizer_pass.c - passes of a kernel over all pieces, and the table of kernels. */
#include <math.h>

#include "core/threads.h"
#include "models/optimizer_internal.h"

#define OPTIMIZER_DEFINE(name)                                                                     \
    optimizer_kernel_fn *optimizer_##name(int is_double)                                           \
    {                                                                                              \
        static optimizer_kernel_fn *const table[2][CPU_N_LEVELS] = {                               \
            KERNEL_LEVELS(name##_of, f32), KERNEL_LEVELS(name##_of, f64)};                         \
        return table[is_double != 0][cpu_level_now()];                                             \
    }

OPTIMIZER_KERNELS(OPTIMIZER_DEFINE)

/* Fewer numbers than this are passed over before another thread has begun. */
enum { WORTH_THREADS = 16 * OPTIMIZER_PIECE };

typedef struct passes {
    fel_optimizer *optimizer;
    optimizer_kernel_fn *kernel;
    const optimizer_step *step;
    const double *c;
} passes;

static void *place(const passes *p, void *numbers, size_t offset)
{
    return numbers == NULL ? NULL : (char *)numbers + offset * p->optimizer->element_size;
}

static const void *const_place(const passes *p, const void *numbers, size_t offset)
{
    return numbers == NULL ? NULL : (const char *)numbers + offset * p->optimizer->element_size;
}

static fel_status pass_piece(void *payload, size_t index, int thread)
{
    const passes *p = payload;
    fel_optimizer *o = p->optimizer;
    optimizer_piece *piece = &o->pieces[index];
    const double clip = o->config.clip_value;
    optimizer_pass pass = {
        .n = piece->n,
        .gradient = const_place(p, p->step->gradient, piece->offset),
        .params = place(p, p->step->values, piece->offset),
        .average = place(p, o->average, piece->offset),
        .limit = clip > 0.0 ? clip : HUGE_VAL,
        .scale = p->step->scale,
        .decay = piece->decays ? o->config.params[o->config.code->decay_param] : 0.0,
        .c = p->c,
    };
    (void)thread;
    for (size_t k = 0; k < OPTIMIZER_MAX_ARRAYS; k++) {
        pass.arrays[k] = place(p, o->arrays[k], piece->offset);
    }
    p->kernel(&pass);
    for (size_t k = 0; k < OPTIMIZER_N_SUMS; k++) {
        piece->sums[k] = pass.sums[k];
    }
    return FEL_OK;
}

void optimizer_run(fel_optimizer *optimizer, optimizer_kernel_fn *kernel,
                   const optimizer_step *step, const double *c)
{
    passes p = {optimizer, kernel, step, c};
    const int n_threads = optimizer->n_params < WORTH_THREADS ? 1 : optimizer->config.n_threads;
    (void)threads_run(n_threads, optimizer->n_pieces, pass_piece, &p); /* pieces cannot fail */
}
