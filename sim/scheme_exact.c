/* sim/scheme_exact.c - constants and tables of the schemes whose variance has its exact law. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/exact_internal.h"

/* Beside the table; freed with the law. */
static fel_status make_table(asset_law *law)
{
    const fel_heston *h = &law->process.heston;
    const size_t head = (sizeof(exact_table) + 63) / 64 * 64;
    const size_t row_bytes = LAW_ROW_SIZE * sizeof(double);
    char *memory = aligned_alloc(64, head + variance_law_count_rows(h) * row_bytes);
    if (memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the law of a variance");
    }
    exact_table *table = (exact_table *)(void *)memory;
    memset(table, 0, sizeof(*table));
    area_law_init(&table->area, h, law->dt_years);
    variance_law_init(&table->law, h, law->dt_years, (double *)(void *)(memory + head));
    law->table = table;
    return FEL_OK;
}

static fel_status prepare(asset_law *law)
{
    const fel_heston *h = &law->process.heston;
    law->c[EXACT_LEVER] = h->rho / h->xi;
    law->c[EXACT_KAPPA] = h->kappa;
    law->c[EXACT_PULL] = h->kappa * h->theta * law->dt_years;
    law->c[EXACT_REST] = 1.0 - h->rho * h->rho;
    return make_table(law);
}

const scheme_class scheme_exact_variance = {
    .uses = USES_Z_VARIANCE | USES_TAIL_VARIANCE | TAIL_SERVES | LONE_VARIANCE,
    .prepare = prepare,
    .f32 = KERNEL_LEVELS(step_exact_variance, f32),
    .f64 = KERNEL_LEVELS(step_exact_variance, f64),
};

const scheme_class scheme_exact = {
    .uses = USES_Z_VARIANCE | USES_TAIL_VARIANCE | TAIL_SERVES | LONE_VARIANCE | LONE_PRICE,
    .prepare = prepare,
    .f32 = KERNEL_LEVELS(step_exact, f32),
    .f64 = KERNEL_LEVELS(step_exact, f64),
};
