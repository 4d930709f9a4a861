/* models/unroll_kernels.c - kernels of unrolled layers at the level of vector instructions in use.
 */
#include "models/unroll_kernel_internal.h"

MODEL_KERNEL_DEFINE(panel_pack, (const panel_args *args), (args))
MODEL_KERNEL_DEFINE(panel_unpack, (const panel_args *args), (args))
MODEL_KERNEL_DEFINE(panel_product, (const panel_product_args *args), (args))
MODEL_KERNEL_DEFINE(panel_outer, (const panel_outer_args *args), (args))
MODEL_KERNEL_DEFINE(panel_pad, (size_t n, size_t cols, const void *from, void *to),
                    (n, cols, from, to))
MODEL_KERNEL_DEFINE(narrow_forward, (const narrow_args *args), (args))
MODEL_KERNEL_DEFINE(narrow_back, (const narrow_back_args *args), (args))
MODEL_KERNEL_DEFINE(narrow_gradient, (const narrow_gradient_args *args), (args))
