/* models/gelu.c - the activations' kernels by the level of vector instructions. */
#include "models/gelu_internal.h"

MODEL_KERNEL_DEFINE(gelu, (const gelu_job *job), (job))
MODEL_KERNEL_DEFINE(gelu_back, (const gelu_back_job *job), (job))
