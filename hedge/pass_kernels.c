/* hedge/pass_kernels.c - the kernels of the pass by the level of vector instructions. */
#include "hedge/hedge_kernel_internal.h"

HEDGE_KERNEL_DEFINE_F64(tally_gain_add, (const tally_gain *job), (job))
HEDGE_KERNEL_DEFINE_F64(tally_cost_add, (const tally_cost *job), (job))
HEDGE_KERNEL_DEFINE_F64(tally_cost_slope, (const tally_cost *job), (job))
HEDGE_KERNEL_DEFINE_F64(tally_turn_add, (const tally_cost *job), (job))
HEDGE_KERNEL_DEFINE_F64(tally_go_back, (const tally_back *job), (job))
HEDGE_KERNEL_DEFINE(column_put, (const column_job *job), (job))
HEDGE_KERNEL_DEFINE(column_add, (const column_sum *job), (job))
HEDGE_KERNEL_DEFINE(head_plain, (const head_job *job), (job))
HEDGE_KERNEL_DEFINE(head_plain_back, (const head_job *job), (job))
HEDGE_KERNEL_DEFINE(head_band, (const head_job *job), (job))
HEDGE_KERNEL_DEFINE(head_band_back, (const head_job *job), (job))
HEDGE_KERNEL_DEFINE(part_add, (const part_sum *job), (job))
