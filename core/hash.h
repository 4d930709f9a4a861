/* core/hash.h - XXH3 128-bit sums of bytes, as 32 hex digits. */
#ifndef FEL_CORE_HASH_H
#define FEL_CORE_HASH_H

#include <feller/base.h>

typedef struct hasher hasher;
enum { HASH_TEXT_SIZE = 33, HASH_STATE_SIZE = 576 };

fel_status hasher_create(hasher **out);
void hasher_destroy(hasher *h); /* NULL is allowed */
void hasher_reset(hasher *h);
void hasher_add(hasher *h, const void *bytes, size_t size);
void hasher_text(const hasher *h, char text[HASH_TEXT_SIZE]);
/* All it has been given so far, for a hash of the same library that goes on from there. */
void hasher_save(const hasher *h, unsigned char state[HASH_STATE_SIZE]);
void hasher_load(hasher *h, const unsigned char state[HASH_STATE_SIZE]);
/* Of a whole file as it is on disk. */
fel_status hash_file(const char *path, char text[HASH_TEXT_SIZE]);

#endif
