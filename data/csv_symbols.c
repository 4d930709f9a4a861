/* data/csv_symbols.c - the instruments of a panel, numbered as they appear. */
#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "data/csv_table_internal.h"

enum { FIRST_SLOTS = 64 };

/* FNV-1a. */
static uint32_t hash_of(const char *name, size_t size)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    }
    return hash;
}

void symbol_list_clear(symbol_list *list)
{
    free(list->names);
    free(list->slots);
    *list = (symbol_list){0};
}

void symbol_list_reset(symbol_list *list)
{
    list->n = 0;
    if (list->slots != NULL) {
        memset(list->slots, 0, list->n_slots * sizeof(list->slots[0]));
    }
}

/* The slot that holds the name, or the free one where it belongs. */
static uint32_t *find_slot(const symbol_list *list, const char *name, size_t size)
{
    for (size_t i = hash_of(name, size);; i++) {
        uint32_t *slot = &list->slots[i & (list->n_slots - 1)];
        if (*slot == 0) {
            return slot;
        }
        const char *have = list->names[*slot - 1];
        if (strncmp(have, name, size) == 0 && have[size] == '\0') {
            return slot;
        }
    }
}

static fel_status grow_slots(symbol_list *list)
{
    const size_t wanted = list->n_slots == 0 ? FIRST_SLOTS : 2 * list->n_slots;
    uint32_t *slots = calloc(wanted, sizeof(*slots));
    if (slots == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu symbols", wanted);
    }
    free(list->slots);
    list->slots = slots;
    list->n_slots = wanted;
    for (size_t i = 0; i < list->n; i++) {
        *find_slot(list, list->names[i], strlen(list->names[i])) = (uint32_t)i + 1;
    }
    return FEL_OK;
}

fel_status symbol_list_number(symbol_list *list, const char *name, size_t size, uint32_t *number)
{
    if (2 * (list->n + 1) > list->n_slots) {
        FEL_TRY(grow_slots(list));
    }
    uint32_t *slot = find_slot(list, name, size);
    if (*slot == 0) {
        FEL_TRY(
            array_reserve((void **)&list->names, &list->capacity, list->n, sizeof(list->names[0])));
        memset(list->names[list->n], 0, sizeof(list->names[0]));
        memcpy(list->names[list->n], name, size);
        *slot = (uint32_t)++list->n;
    }
    *number = *slot - 1;
    return FEL_OK;
}
