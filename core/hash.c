/* core/hash.c - XXH3 128-bit sums through libxxhash. */
#include "core/hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY /* the state is a type of known size */
#include <xxhash.h>

enum { CHUNK_BYTES = 1 << 16 };

struct hasher {
    XXH3_state_t *state;
};

fel_status hasher_create(hasher **out)
{
    hasher *h = malloc(sizeof(*h));
    XXH3_state_t *state = XXH3_createState();
    if (h == NULL || state == NULL) {
        free(h);
        (void)XXH3_freeState(state);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a hash");
    }
    h->state = state;
    hasher_reset(h);
    *out = h;
    return FEL_OK;
}

void hasher_destroy(hasher *h)
{
    if (h != NULL) {
        (void)XXH3_freeState(h->state);
        free(h);
    }
}

void hasher_reset(hasher *h)
{
    (void)XXH3_128bits_reset(h->state);
}

void hasher_add(hasher *h, const void *bytes, size_t size)
{
    (void)XXH3_128bits_update(h->state, bytes, size);
}

void hasher_text(const hasher *h, char text[HASH_TEXT_SIZE])
{
    const XXH128_hash_t sum = XXH3_128bits_digest(h->state);
    (void)snprintf(text, HASH_TEXT_SIZE, "%016llx%016llx", (unsigned long long)sum.high64,
                   (unsigned long long)sum.low64);
}

_Static_assert(sizeof(XXH3_state_t) <= HASH_STATE_SIZE, "a state fits");

void hasher_save(const hasher *h, unsigned char state[HASH_STATE_SIZE])
{
    memset(state, 0, HASH_STATE_SIZE);
    memcpy(state, h->state, sizeof(XXH3_state_t));
}

/* The secret's address is this process's. */
void hasher_load(hasher *h, const unsigned char state[HASH_STATE_SIZE])
{
    hasher_reset(h);
    const unsigned char *secret = h->state->extSecret;
    memcpy(h->state, state, sizeof(XXH3_state_t));
    h->state->extSecret = secret;
}

static fel_status add_stream(hasher *h, FILE *stream, const char *path)
{
    unsigned char chunk[CHUNK_BYTES];
    size_t n = 0;
    while ((n = fread(chunk, 1, sizeof(chunk), stream)) > 0) {
        hasher_add(h, chunk, n);
    }
    return ferror(stream) ? FEL_RAISE(FEL_ERR_IO, "%s: cannot read: %s", path, strerror(errno))
                          : FEL_OK;
}

fel_status hash_file(const char *path, char text[HASH_TEXT_SIZE])
{
    FILE *stream = fopen(path, "rbe");
    if (stream == NULL) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    }
    hasher *h = NULL;
    fel_status status = hasher_create(&h);
    if (status == FEL_OK) {
        status = add_stream(h, stream, path);
    }
    if (status == FEL_OK) {
        hasher_text(h, text);
    }
    hasher_destroy(h);
    (void)fclose(stream);
    return status;
}
