/* feller/unroll.h - a network unrolled over dates, whose inputs at one date may follow from its
 * outputs before: a hedger that sees the position it holds.
 *
 * n samples go through the dates together: at each, the caller writes the inputs, the network gives
 * the outputs, and recurrent layers carry their state. On the way back dates come in falling order.
 * Networks: lstm (one row, every_step) and mlp (one row), without dropout. */
#ifndef FEL_UNROLL_H
#define FEL_UNROLL_H

#include <feller/model.h>

FEL_BEGIN_DECLS

typedef struct fel_unroll_config {
    uint32_t struct_size;
    int per_date;               /* each date has parameters of its own: [n_dates][count_params] */
    const fel_network *network; /* borrowed: sequence 1 */
    size_t n_dates, max_samples;
    size_t n_live; /* of the inputs, so many at the end have slopes (follow from outputs before) */
    int keeps;     /* 0: forward alone, memory of one date */
    int reserved;
} fel_unroll_config;

/* One thread's memory. ERR_SHAPE for networks that cannot be unrolled (says why), ERR_RANGE for
 * sizes that no machine has. */
typedef struct fel_unroll fel_unroll;
FEL_API FEL_NODISCARD fel_status fel_unroll_create_f32(fel_unroll **out,
                                                       const fel_unroll_config *config);
FEL_API FEL_NODISCARD fel_status fel_unroll_create_f64(fel_unroll **out,
                                                       const fel_unroll_config *config);
FEL_API void fel_unroll_destroy(fel_unroll *unroll); /* NULL is allowed */

/* Samples at a time with which a pass stays in the cache: depends on the network and the number of
 * dates alone. */
FEL_API size_t fel_unroll_block(const fel_network *network, size_t n_dates);
FEL_API size_t fel_unroll_count_params(const fel_unroll *unroll);

/* A new pass of n <= max_samples samples with these parameters (borrowed until it ends; packed
 * anew only if `is_new`: 0 where the same thread's pass before had the same numbers). */
FEL_API void fel_unroll_begin_f32(fel_unroll *unroll, const float *params, size_t n, int is_new);
FEL_API void fel_unroll_begin_f64(fel_unroll *unroll, const double *params, size_t n, int is_new);

/* Where the inputs of a date go: [n x n_features]. */
FEL_API float *fel_unroll_inputs_f32(fel_unroll *unroll, size_t date);
FEL_API double *fel_unroll_inputs_f64(fel_unroll *unroll, size_t date);
/* Dates 0, 1, 2, ... in order: the outputs [n x n_outputs], good until the next date (with keeps:
 * until the next pass). */
FEL_API const float *fel_unroll_forward_f32(fel_unroll *unroll, size_t date);
FEL_API const double *fel_unroll_forward_f64(fel_unroll *unroll, size_t date);

/* The way back, dates falling from the last one that went forward: from d loss / d outputs
 * [n x n_outputs] of this date (beside what reaches it through the states) to d loss / d inputs of
 * the last n_live ones [n x n_live], borrowed until the next call; NULL where n_live is 0. The
 * gradient of parameters is kept. sink: NULL or told of every use. */
FEL_API const float *fel_unroll_backward_f32(fel_unroll *unroll, size_t date,
                                             const float *d_outputs, const fel_layer_sink *sink);
FEL_API const double *fel_unroll_backward_f64(fel_unroll *unroll, size_t date,
                                              const double *d_outputs, const fel_layer_sink *sink);
/* Without the gradient of parameters, where slopes alone are wanted: before the way back. */
FEL_API void fel_unroll_slopes_only(fel_unroll *unroll, int is_wanted);
/* gradient[count_params] += what was kept since the last call. Passes one after the other may share
 * one call at their end. */
FEL_API void fel_unroll_add_gradient_f32(fel_unroll *unroll, float *gradient);
FEL_API void fel_unroll_add_gradient_f64(fel_unroll *unroll, double *gradient);

FEL_END_DECLS
#endif
