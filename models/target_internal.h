/* models/target_internal.h - the rows of the table of targets. */
#ifndef FEL_MODELS_TARGET_INTERNAL_H
#define FEL_MODELS_TARGET_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/target_internal.h belongs to models/"
#endif

#include <math.h>

#include <feller/feature.h>

extern const fel_target_class target_next_return, target_step_return, target_scaled_return;
extern const fel_target_class target_direction, target_three_way, target_rank;

enum { TARGET_MOST_BARS = 100000 };

#define TARGET_BARS(fallback)                                                                      \
    {                                                                                              \
        "bars", FEL_PARAM_INTEGER, (fallback), 1.0, TARGET_MOST_BARS, NULL,                        \
            "bars from entry to exit"                                                              \
    }

#define TARGET_HEAD(row_name, row_summary, row_formula)                                            \
    .struct_size = sizeof(fel_target_class), .name = (row_name), .summary = (row_summary),         \
    .formula = (row_formula)

#define TARGET_PARAMS(table) .params = (table), .n_params = sizeof(table) / sizeof((table)[0])

/* horizon where the first parameter is `bars`. */
static inline size_t target_bars(const double *params)
{
    return (size_t)params[0];
}

#endif
