/* study/study_axes.c - combinations of sweep and search lists, numbered so that the last runs
 * fastest. */
#include <stdio.h>
#include <string.h>

#include "core/rng.h"
#include "study/study_internal.h"

enum { MAX_COMBINATIONS = 1000000, TRIAL_STREAM = 0x747269 };

fel_status study_count_combinations(const study_axes *axes, const char *what, size_t *n)
{
    size_t count = 1;
    for (size_t i = 0; i < axes->n; i++) {
        count *= axes->items[i].n;
        if (count > MAX_COMBINATIONS) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: more than %d combinations", what,
                             MAX_COMBINATIONS);
        }
    }
    *n = count;
    return FEL_OK;
}

void study_combination(const study_axes *axes, size_t index, study_pick *picks)
{
    for (size_t i = axes->n; i-- > 0;) {
        const study_axis *axis = &axes->items[i];
        picks[i].key = axis->key;
        picks[i].value = axis->values[index % axis->n];
        index /= axis->n;
    }
}

/* The first `wanted` places of a shuffle of 0 .. n - 1. */
static void draw_trials(size_t *trials, size_t n, size_t wanted, uint64_t seed)
{
    rng_stream stream = rng_at(seed, TRIAL_STREAM);
    for (size_t i = 0; i < n; i++) {
        trials[i] = i;
    }
    for (size_t i = 0; i < wanted; i++) {
        const size_t other = i + (size_t)rng_below(&stream, n - i);
        const size_t swap = trials[i];
        trials[i] = trials[other];
        trials[other] = swap;
    }
}

fel_status study_list_trials(const study_values *values, arena *memory, size_t **trials, size_t *n)
{
    size_t n_all = 0;
    FEL_TRY(study_count_combinations(&values->search, "search", &n_all));
    const int draws = values->walk.search == 1 && (size_t)values->walk.trials < n_all;
    *n = draws ? (size_t)values->walk.trials : n_all;
    *trials = arena_array(memory, n_all, sizeof(**trials));
    if (*trials == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu trials", n_all);
    }
    draw_trials(*trials, n_all, draws ? *n : 0, (uint64_t)values->seed);
    return FEL_OK;
}

const char *study_pick_name(arena *memory, const study_pick *picks, size_t n)
{
    const char *name = "";
    for (size_t i = 0; i < n && name != NULL; i++) {
        const char *value = tree_text(memory, picks[i].value);
        name = value == NULL ? NULL
                             : arena_printf(memory, "%s%s%s=%s", name, i == 0 ? "" : " ",
                                            picks[i].key, value);
    }
    return name;
}

int study_key_is_in(const char *key, const char *part)
{
    const size_t length = strlen(part);
    return strncmp(key, part, length) == 0 && (key[length] == '\0' || key[length] == '.');
}
