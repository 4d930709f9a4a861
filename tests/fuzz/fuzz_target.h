/* tests/fuzz/fuzz_target.h - functions that take any bytes as some kind of input. Each gives NULL,
 * or what is wrong with how the library took them. */
#ifndef FEL_TESTS_FUZZ_TARGET_H
#define FEL_TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

const char *fuzz_csv(const uint8_t *data, size_t size);
const char *fuzz_study(const uint8_t *data, size_t size);
const char *fuzz_store(const uint8_t *data, size_t size);
const char *fuzz_chain(const uint8_t *data, size_t size);

/* A file of these bytes in memory; its path is good until the next call. NULL if there can be none.
 */
const char *fuzz_file(const uint8_t *data, size_t size);

#endif
