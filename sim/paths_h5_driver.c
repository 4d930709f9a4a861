/* sim/paths_h5_driver.c - HDF5 over an open file, without telling it of an error.
 *
 * HDF5 1.10 crashes, or closes for ever, when a program ends after a write that failed. Here every
 * write is said to have gone well; the first cause is kept, and the caller looks at it once HDF5 is
 * done. The file is neither opened nor truncated here, so that room reserved for it stays reserved.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/h5.h"
#include "sim/paths_h5_internal.h"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

typedef struct quiet_file {
    H5FD_t base; /* HDF5's */
    h5_quiet_file *of;
    haddr_t end_of_space, end_of_file;
} quiet_file;

static quiet_file *quiet(H5FD_t *file)
{
    return (quiet_file *)(void *)file;
}

static void keep_cause(quiet_file *f, int cause)
{
    f->of->cause = f->of->cause != 0 ? f->of->cause : cause;
}

static H5FD_t *quiet_open(const char *name, unsigned flags, hid_t how, haddr_t most)
{
    h5_quiet_file *const *of = H5Pget_driver_info(how);
    quiet_file *f = of != NULL ? calloc(1, sizeof(*f)) : NULL;
    (void)name;
    (void)flags;
    (void)most;
    if (f == NULL && of != NULL) {
        (*of)->cause = ENOMEM;
    }
    if (f == NULL) {
        return NULL;
    }
    f->of = *of;
    return &f->base;
}

static herr_t quiet_close(H5FD_t *file)
{
    free(file);
    return 0;
}

/* As HDF5's own driver for files: the same calls lay out the same bytes. */
static herr_t quiet_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t quiet_space(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const quiet_file *)(const void *)file)->end_of_space;
}

static herr_t quiet_set_space(H5FD_t *file, H5FD_mem_t type, haddr_t end)
{
    (void)type;
    quiet(file)->end_of_space = end;
    return 0;
}

static haddr_t quiet_end(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const quiet_file *)(const void *)file)->end_of_file;
}

/* What was not written reads as zeros. */
static herr_t quiet_read(H5FD_t *file, H5FD_mem_t type, hid_t how, haddr_t at, size_t n, void *out)
{
    quiet_file *f = quiet(file);
    (void)type;
    (void)how;
    memset(out, 0, n);
    if (at < f->end_of_file) {
        const size_t there = (size_t)(f->end_of_file - at);
        if (pread(f->of->descriptor, out, n < there ? n : there, (off_t)at) < 0) {
            keep_cause(f, errno);
        }
    }
    return 0;
}

static herr_t quiet_write(H5FD_t *file, H5FD_mem_t type, hid_t how, haddr_t at, size_t n,
                          const void *bytes)
{
    quiet_file *f = quiet(file);
    (void)type;
    (void)how;
    const int cause = h5_put_bytes(f->of->descriptor, bytes, n, (off_t)at);
    if (cause != 0) {
        keep_cause(f, cause);
    }
    f->end_of_file = at + n > f->end_of_file ? at + n : f->end_of_file;
    return 0;
}

static herr_t quiet_truncate(H5FD_t *file, hid_t how, hbool_t closing)
{
    quiet_file *f = quiet(file);
    (void)how;
    (void)closing;
    if (ftruncate(f->of->descriptor, (off_t)f->end_of_space) != 0) {
        keep_cause(f, errno);
    }
    f->end_of_file = f->end_of_space;
    return 0;
}

static const H5FD_class_t quiet_class = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)600,
#endif
    .name = "feller_quiet",
    .maxaddr = HADDR_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(h5_quiet_file *),
    .open = quiet_open,
    .close = quiet_close,
    .query = quiet_query,
    .get_eoa = quiet_space,
    .set_eoa = quiet_set_space,
    .get_eof = quiet_end,
    .read = quiet_read,
    .write = quiet_write,
    .truncate = quiet_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t h5_quiet_access(h5_quiet_file *file)
{
    const hid_t how = H5Pcreate(H5P_FILE_ACCESS), driver = H5FDregister(&quiet_class);
    file->driver = driver;
    if (how >= 0 && driver >= 0 && H5Pset_driver(how, driver, &file) >= 0) {
        return how;
    }
    h5_close(how);
    return -1;
}

void h5_quiet_end(h5_quiet_file *file)
{
    if (file->driver > 0) {
        (void)H5FDunregister(file->driver);
        file->driver = 0;
    }
}

int h5_put_bytes(int descriptor, const void *bytes, size_t n, off_t offset)
{
    const char *from = bytes;
    while (n > 0) {
        const ssize_t done = pwrite(descriptor, from, n, offset);
        if (done < 0 && errno != EINTR) {
            return errno;
        }
        if (done > 0) {
            from += done;
            n -= (size_t)done;
            offset += done;
        }
    }
    return 0;
}
