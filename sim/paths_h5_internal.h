/* sim/paths_h5_internal.h - an open file as HDF5 sees it: all writes go well, the cause of the
 * first that did not is kept. */
#ifndef FEL_MODULE_SIM
#error "sim/paths_h5_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_PATHS_H5_INTERNAL_H
#define FEL_SIM_PATHS_H5_INTERNAL_H

#include <sys/types.h>

#include "core/h5.h"

typedef struct h5_quiet_file {
    int descriptor; /* open for reading and writing */
    int cause;      /* errno of the first failure; 0: none */
    hid_t driver;
} h5_quiet_file;

/* Access properties by which H5Fcreate() writes to that file; below 0 on failure. The file must
 * stay in place until h5_quiet_end(), which comes after H5Fclose(). */
hid_t h5_quiet_access(h5_quiet_file *file);
void h5_quiet_end(h5_quiet_file *file);

/* All of them, however often the kernel has to be asked; errno, or 0. */
int h5_put_bytes(int descriptor, const void *bytes, size_t n, off_t offset);

#endif
