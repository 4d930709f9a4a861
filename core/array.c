/* core/array.c - growth by doubling, so that n pushes copy fewer than 2 n items. */
#include "core/array.h"

enum { FIRST_CAPACITY = 8 };

fel_status array_reserve(void **items, size_t *capacity, size_t n, size_t item_size)
{
    if (n < *capacity) {
        return FEL_OK;
    }
    const size_t most = SIZE_MAX / 2 / item_size;
    if (n >= most) {
        return FEL_RAISE(FEL_ERR_NOMEM, "a list of %zu items of %zu bytes is too long", n,
                         item_size);
    }
    size_t wanted = *capacity < FIRST_CAPACITY ? FIRST_CAPACITY : *capacity;
    while (wanted <= n) {
        wanted = wanted > most / 2 ? most : 2 * wanted;
    }
    void *grown = realloc(*items, wanted * item_size);
    if (grown == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a list of %zu items of %zu bytes", wanted,
                         item_size);
    }
    *items = grown;
    *capacity = wanted;
    return FEL_OK;
}
