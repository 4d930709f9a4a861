/* core/cost_internal.h - the built-in cost models, one file each family. */
#ifndef FEL_CORE_COST_INTERNAL_H
#define FEL_CORE_COST_INTERNAL_H

#ifndef FEL_MODULE_CORE
#error "core/cost_internal.h is for files of core/ only"
#endif

#include <feller/cost.h>

extern const fel_cost_class cost_percent, cost_per_share, cost_fixed, cost_weight_change;
extern const fel_cost_class cost_half_spread, cost_bps, cost_volume_share, cost_square_root,
    cost_entry;

#endif
