/* core/hash.c - XXH3 128-bit sums through libxxhash. */
#include "core/hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
