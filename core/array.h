/* core/array.h - a growing list of equal things. */
#ifndef FEL_CORE_ARRAY_H
#define FEL_CORE_ARRAY_H

#include <stdlib.h>

#include <feller/base.h>

/* Make room for one more item of item_size in *items (capacity *capacity, in use n). ERR_NOMEM leaves
 * all as it was. */
fel_status array_reserve(void **items, size_t *capacity, size_t n, size_t item_size);

/* ARRAY_PUSH(list, item): list is a struct with `items`, `n`, `capacity`. Yields a status. */
#define ARRAY_PUSH(list, item)                                                                     \
    ((list)->n < (list)->capacity                                                                  \
         ? ((list)->items[(list)->n++] = (item), FEL_OK)                                           \
         : (array_reserve((void **)&(list)->items, &(list)->capacity, (list)->n,                   \
                          sizeof((list)->items[0])) == FEL_OK                                      \
                ? ((list)->items[(list)->n++] = (item), FEL_OK)                                    \
                : fel_last_error()->status))

#endif
