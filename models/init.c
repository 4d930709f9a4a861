/* models/init.c - orthonormal vectors at the level of vector instructions in use. */
#include "models/init_internal.h"

MODEL_KERNEL_DEFINE(make_orthonormal, (const orthogonal_args *args), (args))
