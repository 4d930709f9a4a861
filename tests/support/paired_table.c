/* tests/support/paired_table.c - simulated costs of two treatments. */
#include "tests/support/paired_table.h"

#include <math.h>

#include "core/rng.h"

static fel_paired_runs runs_of(const paired_law *law, const paired_table *table)
{
    const size_t s = law->n_seeds, n = law->n_paths;
    const fel_paired_runs runs = {{table->first, s, n, n}, {table->second, s, n, n}};
    return runs;
}

/* One more path effect for all seeds. */
static void add_path(const paired_law *law, rng_stream *stream, paired_table *table, size_t i)
{
    const double both = law->path * rng_normal(stream);
    const double own = law->path_first * rng_normal(stream);
    for (size_t s = 0; s < law->n_seeds; s++) {
        table->first[s * law->n_paths + i] += both + own;
        table->second[s * law->n_paths + i] += both;
    }
}

fel_paired_runs paired_draw(const paired_law *law, uint64_t index, paired_table *table)
{
    rng_stream stream = rng_at(2385, index);
    for (size_t s = 0; s < law->n_seeds; s++) {
        const double first = law->seed * rng_normal(&stream);
        const double second = law->seed * rng_normal(&stream);
        for (size_t i = 0; i < law->n_paths; i++) {
            const size_t at = s * law->n_paths + i;
            table->first[at] = 5.0 + law->true_difference + first + law->rest * rng_normal(&stream);
            table->second[at] = 5.0 + second + law->rest * rng_normal(&stream);
        }
    }
    for (size_t i = 0; i < law->n_paths; i++) {
        add_path(law, &stream, table, i);
    }
    return runs_of(law, table);
}

fel_paired_runs paired_draw_spreads(const paired_law *law, uint64_t index, paired_table *table)
{
    rng_stream stream = rng_at(137, index);
    for (size_t i = 0; i < law->n_seeds * law->n_paths; i++) {
        table->first[i] = table->second[i] = 0.0;
    }
    for (size_t i = 0; i < law->n_paths; i++) {
        add_path(law, &stream, table, i);
    }
    for (size_t s = 0; s < law->n_seeds; s++) {
        const double first = exp(0.5 * law->true_difference + law->seed * rng_normal(&stream));
        const double second = exp(law->seed * rng_normal(&stream));
        for (size_t i = 0; i < law->n_paths; i++) {
            table->first[s * law->n_paths + i] *= first;
            table->second[s * law->n_paths + i] *= second;
        }
    }
    return runs_of(law, table);
}
