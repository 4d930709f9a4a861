/* study/study_axes.c - combinations of sweep and search lists, numbered so that the last runs
 * fastest. */
#include <stdio.h>
#include <string.h>

#include "study/study_internal.h"

enum { MAX_COMBINATIONS = 1000000 };

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

const char *study_pick_name(arena *memory, const study_pick *picks, size_t n)
{
    const char *name = "";
    for (size_t i = 0; i < n && name != NULL; i++) {
        name = arena_printf(memory, "%s%s%s=%s", name, i == 0 ? "" : " ", picks[i].key,
                            picks[i].value->text);
    }
    return name;
}

int study_key_is_in(const char *key, const char *part)
{
    const size_t length = strlen(part);
    return strncmp(key, part, length) == 0 && (key[length] == '\0' || key[length] == '.');
}
