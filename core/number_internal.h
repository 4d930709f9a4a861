/* core/number_internal.h - the decimal digits of a double. */
#ifndef FEL_MODULE_CORE
#error "core/number_internal.h belongs to core/"
#endif
#ifndef FEL_CORE_NUMBER_INTERNAL_H
#define FEL_CORE_NUMBER_INTERNAL_H

#include <stdint.h>

/* digits x 10^exponent, not a multiple of 10. */
typedef struct decimal {
    uint64_t digits;
    int exponent;
} decimal;

/* 1 and the shortest decimal that reads back as a positive finite value, among those of one length
 * the nearest; 0 for values outside about 1e-39 .. 1e70. */
int number_shortest(double value, decimal *out);

#endif
