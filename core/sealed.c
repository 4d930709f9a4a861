/* core/sealed.c - HDF5 files made and read in memory, behind a head with their checksum.
 *
 * The head: "feller checkpoint 1\n", the checksum of the rest, its size, zeros up to byte 512. */
#include "core/sealed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/outfile.h"

enum { HEAD_SIZE = 512, GROW_BYTES = 1 << 16 };

/* An HDF5 file's bytes. */
typedef struct bytes {
    unsigned char *data;
    size_t size;
} bytes;

static fel_status sum_of(const bytes *b, char text[HASH_TEXT_SIZE])
{
    hasher *h = NULL;
    FEL_TRY(hasher_create(&h));
    hasher_add(h, b->data, b->size);
    hasher_text(h, text);
    hasher_destroy(h);
    return FEL_OK;
}

static void make_head(char head[HEAD_SIZE], const sealed_kind *kind, const char *sum, size_t size)
{
    memset(head, 0, HEAD_SIZE);
    (void)snprintf(head, HEAD_SIZE, "%s %d\n%s\n%zu\n", kind->name, kind->version, sum, size);
}

/* ---- writing --------------------------------------------------------------------------------- */

static hid_t create_in_memory(void)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), how = H5Pcreate(H5P_FILE_CREATE);
    hid_t file = -1;
    if (access >= 0 && how >= 0 && H5Pset_fapl_core(access, GROW_BYTES, 0) >= 0 &&
        H5Pset_obj_track_times(how, 0) >= 0) {
        file = H5Fcreate("feller-in-memory", H5F_ACC_TRUNC, how, access);
    }
    h5_close(how);
    h5_close(access);
    return file;
}

static fel_status image_of(hid_t file, const char *path, bytes *out)
{
    const ssize_t size =
        H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file, NULL, 0);
    if (size <= 0) {
        return h5_raise(FEL_ERR_IO, path, "cannot make this file");
    }
    out->data = malloc((size_t)size);
    out->size = (size_t)size;
    if (out->data == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zd bytes of %s", size, path);
    }
    return H5Fget_file_image(file, out->data, out->size) == size
               ? FEL_OK
               : h5_raise(FEL_ERR_IO, path, "cannot make this file");
}

static fel_status write_sealed(const char *path, const sealed_kind *kind, const bytes *image)
{
    char head[HEAD_SIZE], sum[HASH_TEXT_SIZE];
    outfile file;
    FEL_TRY(sum_of(image, sum));
    make_head(head, kind, sum, image->size);
    FEL_TRY(outfile_open(&file, path));
    if (fwrite(head, 1, sizeof(head), file.stream) != sizeof(head) ||
        fwrite(image->data, 1, image->size, file.stream) != image->size) {
        const fel_status status =
            FEL_RAISE(FEL_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
        outfile_abandon(&file);
        return status;
    }
    return outfile_commit(&file);
}

fel_status sealed_write(const char *path, const sealed_kind *kind,
                        fel_status (*fill)(hid_t file, const char *path, const void *payload),
                        const void *payload)
{
    bytes image = {NULL, 0};
    h5_scope scope;
    h5_begin(&scope);
    const hid_t file = create_in_memory();
    fel_status status = file >= 0 ? fill(file, path, payload)
                                  : h5_raise(FEL_ERR_IO, path, "cannot begin this file");
    if (status == FEL_OK) {
        status = image_of(file, path, &image);
    }
    h5_close(file);
    h5_end(&scope);
    if (status == FEL_OK) {
        status = write_sealed(path, kind, &image);
    }
    free(image.data);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

static fel_status raise_io(const char *path)
{
    return FEL_RAISE(FEL_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
}

static fel_status read_bytes(FILE *stream, const char *path, bytes *out)
{
    const long size = fseek(stream, 0, SEEK_END) == 0 ? ftell(stream) : -1;
    if (size < 0 || fseek(stream, 0, SEEK_SET) != 0) {
        return raise_io(path);
    }
    out->size = (size_t)size;
    out->data = malloc(out->size + 1);
    if (out->data == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %ld bytes of %s", size, path);
    }
    return fread(out->data, 1, out->size, stream) == out->size ? FEL_OK : raise_io(path);
}

static fel_status read_file(const char *path, bytes *out)
{
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        return raise_io(path);
    }
    const fel_status status = read_bytes(stream, path, out);
    (void)fclose(stream);
    return status;
}

/* What the head says of the rest. */
typedef struct head_words {
    int version;
    size_t size;
} head_words;

static int read_head(const bytes *file, const sealed_kind *kind, head_words *out)
{
    char head[HEAD_SIZE + 1] = {0}, *rest = NULL;
    const size_t length = strlen(kind->name);
    if (file->size < HEAD_SIZE) {
        return 0;
    }
    memcpy(head, file->data, HEAD_SIZE);
    if (strncmp(head, kind->name, length) != 0 || head[length] != ' ') {
        return 0;
    }
    out->version = (int)strtol(head + length + 1, &rest, 10);
    if (*rest != '\n' || strlen(rest + 1) < HASH_TEXT_SIZE) {
        return 0;
    }
    out->size = (size_t)strtoull(rest + 1 + HASH_TEXT_SIZE, NULL, 10);
    return 1;
}

/* Whole, sound and of this version; then *image is what is behind the head. */
static fel_status check_seal(const bytes *file, const char *path, const sealed_kind *kind,
                             bytes *image)
{
    head_words head;
    char sum[HASH_TEXT_SIZE], expected[HEAD_SIZE];
    if (!read_head(file, kind, &head)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: not a file of kind \"%s\"", path, kind->name);
    }
    if (head.version != kind->version) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: \"%s\" of version %d; this program reads %d", path,
                         kind->name, head.version, kind->version);
    }
    image->data = file->data + HEAD_SIZE;
    image->size = file->size - HEAD_SIZE;
    if (image->size != head.size) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: cut short or damaged: %zu bytes where %zu were "
                         "written",
                         path, image->size, head.size);
    }
    FEL_TRY(sum_of(image, sum));
    make_head(expected, kind, sum, image->size);
    return memcmp(expected, file->data, HEAD_SIZE) == 0
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_FORMAT, "%s: damaged: its checksum is wrong", path);
}

static hid_t open_in_memory(const bytes *image)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;
    if (access >= 0 && H5Pset_fapl_core(access, GROW_BYTES, 0) >= 0 &&
        H5Pset_file_image(access, image->data, image->size) >= 0) {
        file = H5Fopen("feller-in-memory", H5F_ACC_RDONLY, access);
    }
    h5_close(access);
    return file;
}

fel_status sealed_read(const char *path, const sealed_kind *kind,
                       fel_status (*take)(hid_t file, const char *path, void *payload),
                       void *payload)
{
    bytes whole = {NULL, 0}, image = {NULL, 0};
    fel_status status = read_file(path, &whole);
    if (status == FEL_OK) {
        status = check_seal(&whole, path, kind, &image);
    }
    if (status == FEL_OK) {
        h5_scope scope;
        h5_begin(&scope);
        const hid_t file = open_in_memory(&image);
        status = file >= 0 ? take(file, path, payload)
                           : h5_raise(FEL_ERR_FORMAT, path, "cannot open this file");
        h5_close(file);
        h5_end(&scope);
    }
    free(whole.data);
    return status;
}
