/* core/number.h - decimal numbers as text, the same in every locale. */
#ifndef FEL_CORE_NUMBER_H
#define FEL_CORE_NUMBER_H

#include <stddef.h>

enum { NUMBER_TEXT_SIZE = 32 };

/* 1 and *value if the whole text is a finite decimal number ("10", "-2.5", "1e6"), else 0 and
 * *value untouched. No blanks, no hexadecimal, no NaN, no infinity. */
int number_parse(const char *text, double *value);

/* The shortest text that reads back as the same bits; always terminated. */
void number_format(double value, char *text, size_t size);

#endif
