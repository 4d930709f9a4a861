/* tests/unit/reports/golden.h - texts against recorded ones in tests/golden/. */
#ifndef FEL_TESTS_GOLDEN_H
#define FEL_TESTS_GOLDEN_H

#include <stdio.h>

/* A whole file as text, or NULL; the caller's: free(). */
char *file_text(const char *path);

/* The file holds what tests/golden/NAME holds; the first line that differs is printed. */
void check_golden(const char *path, const char *name);

#endif
