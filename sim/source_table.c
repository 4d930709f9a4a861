/* sim/source_table.c - the sources of normals, by number. */
#include "sim/sobol_internal.h"

const source_class *source_of(fel_draws draws)
{
    static const source_class *const sources[] = {
        [FEL_DRAWS_PSEUDO] = &source_pseudo,
        [FEL_DRAWS_SOBOL] = &source_sobol,
    };
    const size_t row = (size_t)draws;
    return row < sizeof(sources) / sizeof(sources[0]) ? sources[row] : NULL;
}
