/* core/array.h - a growing list of equal things. */
#ifndef FEL_CORE_ARRAY_H
#define FEL_CORE_ARRAY_H

#include <stdlib.h>

#include <feller/base.h>

/* Make room for one more item of item_size in *items (capacity *capacity, in use n). ERR_NOMEM
 * leaves all as it was. */
fel_status array_reserve(void **items, size_t *capacity, size_t n, size_t item_size);

/* Room for one more in a list: a struct with `items`, `n`, `capacity`. The full list is the rare
 * case. */
#define ARRAY_ROOM(list)                                                                           \
    ((list)->n < (list)->capacity ? (fel_status)FEL_OK                                             \
                                  : array_reserve((void **)&(list)->items, &(list)->capacity,      \
                                                  (list)->n, sizeof((list)->items[0])))

/* ARRAY_PUSH(list, item) yields a status. */
#define ARRAY_PUSH(list, item)                                                                     \
    (ARRAY_ROOM(list) == FEL_OK ? ((list)->items[(list)->n++] = (item), (fel_status)FEL_OK)        \
                                : fel_last_error()->status)

#endif
