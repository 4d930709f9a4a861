/* core/sealed.h - HDF5 files with a seal: a head of 512 bytes that says what the file is, its size
 * and checksum, then an ordinary HDF5 file (which readers find behind the head). A file that was
 * cut short or damaged never gets as far as HDF5.
 *
 * Functions that take an hid_t are called inside an h5_scope; fill() and take() are. */
#ifndef FEL_CORE_SEALED_H
#define FEL_CORE_SEALED_H

#include "core/h5.h"

typedef struct sealed_kind {
    const char *name; /* "feller checkpoint" */
    int version;
} sealed_kind;

/* fill() puts everything into a new file; nothing of it is seen at `path` before it is whole. */
fel_status sealed_write(const char *path, const sealed_kind *kind,
                        fel_status (*fill)(hid_t file, const char *path, const void *payload),
                        const void *payload);
/* take() reads from the file. ERR_IO, ERR_FORMAT. */
fel_status sealed_read(const char *path, const sealed_kind *kind,
                       fel_status (*take)(hid_t file, const char *path, void *payload),
                       void *payload);

/* ---- what is in them: sealed_items.c --------------------------------------------------------- */

typedef enum saved_type { SAVED_F32, SAVED_F64, SAVED_U64 } saved_type;

hid_t saved_group_create(hid_t parent, const char *name); /* below 0: failed */
/* A vector of n numbers, n > 0. */
fel_status saved_put(hid_t parent, const char *path, const char *name, saved_type type, size_t n,
                     const void *values);
/* ERR_SHAPE unless it has just this type and length. */
fel_status saved_get(hid_t parent, const char *path, const char *name, saved_type type, size_t n,
                     void *values);

#endif
