/* models/attention_scratch.c - attention's kernels by the level of vector instructions, and the
 * memory that they need. */
#include "models/attention_internal.h"

MODEL_KERNEL_DEFINE(attend, (const attend_job *job), (job))
MODEL_KERNEL_DEFINE(attend_back, (const attend_job *job), (job))

/* The larger of room_of() in the two kernels. */
size_t attend_scratch(const attend_shape *s)
{
    const size_t wide = attend_round(s->width), lanes = attend_lanes(s);
    return 2 * wide * lanes + lanes + 2 * attend_weights(s) + 2 * s->keys * wide;
}
