/* engine/snapshot.c - a stopped run in a file, and a run that goes on from one. */
#include <stdlib.h>
#include <string.h>

#include "core/sealed.h"
#include "engine/snapshot_internal.h"

static const sealed_kind snapshot_kind = {"feller snapshot", 1};

/* ---- whose snapshot it is ---------------------------------------------------------------------
 */

static fel_status same_text(snapshot_tape *tape, const char *what, const char *text)
{
    char there[FEL_SYMBOL_SIZE] = {0};
    const size_t length = strlen(text);
    memcpy(there, text, length < sizeof(there) - 1 ? length : sizeof(there) - 1);
    FEL_TRY(tape_part(tape, what, there, sizeof(there)));
    return !tape->is_reading || strncmp(there, text, sizeof(there) - 1) == 0
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "the snapshot's %s is %s, this run's is %s", what, there,
                           text);
}

/* A copy of what must be the same, put down, or compared. */
static fel_status same_bytes(snapshot_tape *tape, const char *what, const void *memory, size_t size)
{
    unsigned char *copy = malloc(size + 1);
    if (copy == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %s of a snapshot", what);
    }
    if (size > 0) {
        memcpy(copy, memory, size);
    }
    fel_status status = tape_part(tape, what, copy, size);
    if (status == FEL_OK && size > 0 && memcmp(copy, memory, size) != 0) {
        status = FEL_RAISE(FEL_ERR_ARG, "the snapshot's run had other %s than this one", what);
    }
    free(copy);
    return status;
}

static fel_status check_run(fel_engine *e, snapshot_tape *tape)
{
    FEL_TRY(same_text(tape, "version", fel_version()));
    FEL_TRY(same_text(tape, "strategy", e->strategy->name));
    FEL_TRY(same_bytes(tape, "parameters", e->params, e->strategy->n_params * sizeof(double)));
    FEL_TRY(same_bytes(tape, "cash", &e->config.cash, sizeof(double)));
    FEL_TRY(same_bytes(tape, "feeds", &e->merge.n, sizeof(e->merge.n)));
    FEL_TRY(same_bytes(tape, "instruments", &e->n_instruments, sizeof(e->n_instruments)));
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        FEL_TRY(same_text(tape, "symbol", e->instruments[i].symbol));
    }
    return FEL_OK;
}

static fel_status walk(fel_engine *e, snapshot_tape *tape)
{
    FEL_TRY(check_run(e, tape));
    FEL_TRY(snapshot_memory(e, tape));
    FEL_TRY(snapshot_feeds(e, tape));
    return snapshot_state(e, tape);
}

/* ---- the file ---------------------------------------------------------------------------------
 */

static fel_status put_tape(hid_t file, const char *path, const void *payload)
{
    const snapshot_tape *tape = payload;
    const uint64_t n = tape->n;
    FEL_TRY(saved_put(file, path, "size", SAVED_U64, 1, &n));
    return saved_put(file, path, "words", SAVED_U64, tape->n, tape->items);
}

static fel_status get_tape(hid_t file, const char *path, void *payload)
{
    snapshot_tape *tape = payload;
    uint64_t n = 0;
    FEL_TRY(saved_get(file, path, "size", SAVED_U64, 1, &n));
    tape->items = n > SIZE_MAX / sizeof(uint64_t) ? NULL : malloc(n * sizeof(uint64_t));
    if (tape->items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %llu words", path,
                         (unsigned long long)n);
    }
    tape->n = tape->capacity = n;
    return saved_get(file, path, "words", SAVED_U64, n, tape->items);
}

fel_status snapshot_write(fel_engine *e, const char *path)
{
    snapshot_tape tape = {0};
    fel_status status = walk(e, &tape);
    if (status == FEL_OK) {
        status = sealed_write(path, &snapshot_kind, put_tape, &tape);
    }
    free(tape.items);
    return status;
}

fel_status snapshot_read(fel_engine *e, const char *path)
{
    snapshot_tape tape = {.is_reading = 1};
    fel_status status = sealed_read(path, &snapshot_kind, get_tape, &tape);
    if (status == FEL_OK) {
        status = walk(e, &tape);
    }
    if (status == FEL_OK && tape.at != tape.n) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s: %zu words too many", path, tape.n - tape.at);
    }
    free(tape.items);
    return status;
}
