/* models/dense_kernels.c - the dense layer's loops at the level of vector instructions in use. */
#include "models/dense_internal.h"

MODEL_KERNEL_DEFINE(activate, (const activate_args *args), (args))
MODEL_KERNEL_DEFINE(activate_slope, (const slope_args *args), (args))
MODEL_KERNEL_DEFINE(add_column_sums, (size_t rows, size_t cols, const void *values, void *sums),
                    (rows, cols, values, sums))
