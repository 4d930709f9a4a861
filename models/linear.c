/* models/linear.c - kernels of linear maps by the level of vector instructions. */
#include "models/linear_internal.h"

MODEL_KERNEL_DEFINE(linear_tile, (const tile_job *job), (job))
MODEL_KERNEL_DEFINE(linear_turn, (size_t rows, size_t cols, const void *from, void *to),
                    (rows, cols, from, to))
