/* models/scale_internal.h - the rows of the table of scales. */
#ifndef FEL_MODELS_SCALE_INTERNAL_H
#define FEL_MODELS_SCALE_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/scale_internal.h belongs to models/"
#endif

#include <feller/feature.h>

extern const fel_scale_class scale_none, scale_standard, scale_robust, scale_min_max;
extern const fel_scale_class scale_rolling_z;

/* The last parameter of every row. */
#define SCALE_CLIP                                                                                 \
    {                                                                                              \
        "clip", FEL_PARAM_REAL, 0.0, 0.0, 1e6, NULL,                                               \
            "scaled numbers beyond +- this are set to it; 0: none are"                             \
    }

#define SCALE_HEAD(row_name, row_summary, row_formula)                                             \
    .struct_size = sizeof(fel_scale_class), .name = (row_name), .summary = (row_summary),          \
    .formula = (row_formula)

#define SCALE_PARAMS(table) .params = (table), .n_params = sizeof(table) / sizeof((table)[0])

#endif
