/* core/number.h - decimal numbers as text, the same in every locale. */
#ifndef FEL_CORE_NUMBER_H
#define FEL_CORE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_TEXT_SIZE = 32 };

/* 1 and *value if the whole text is a finite decimal number ("10", "-2.5", "1e6"), else 0 and
 * *value untouched. No blanks, no hexadecimal, no NaN, no infinity. */
int number_parse(const char *text, double *value);

/* The shortest text that reads back as the same bits; always terminated. */
void number_format(double value, char *text, size_t size);

/* How the same digits are laid out. */
typedef enum number_style {
    NUMBER_SHORT = 0, /* as printf's %g: 100, 0.0001, 1e-06, 1e+15 */
    NUMBER_PLAIN,     /* the same, but up to six places are written out: 0.000001 */
    NUMBER_JSON,      /* never like a whole number, and plain up to 1e17: 100.0, 1e-6, 1e17 */
    NUMBER_N_STYLES
} number_style;

/* The shortest text of a finite value, not terminated; its length. */
size_t number_put(char text[NUMBER_TEXT_SIZE], double value, number_style style);
/* A whole number, at most 20 characters. */
size_t number_put_count(char *text, uint64_t n);

#endif
