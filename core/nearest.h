/* core/nearest.h - "did you mean": the nearest of a list of names by edit distance. */
#ifndef FEL_CORE_NEAREST_H
#define FEL_CORE_NEAREST_H

#include <stddef.h>

/* Index of the nearest name; n if none is near enough to suggest. names may hold NULLs. */
size_t nearest_name(const char *name, const char *const *names, size_t n);

#endif
