/* core/h5.h - calls into HDF5: one at a time, silent, with their error text kept. */
#ifndef FEL_CORE_H5_H
#define FEL_CORE_H5_H

#include <hdf5.h>

#include <feller/base.h>

/* Between begin and end this thread has HDF5 to itself and HDF5 prints nothing. */
typedef struct h5_scope {
    H5E_auto2_t print;
    void *print_data;
} h5_scope;
void h5_begin(h5_scope *scope);
void h5_end(const h5_scope *scope);

/* Inside a scope, after a call failed: "PATH: WHAT: innermost text of HDF5's error stack". */
fel_status h5_raise(fel_status status, const char *path, const char *what);

/* Close an id of any kind; ids below 0 are none. */
void h5_close(hid_t id);

/* Small attributes; 0 or above if done. */
int h5_put_text(hid_t object, const char *name, const char *text);
int h5_put_number(hid_t object, const char *name, hid_t type, const void *value);
int h5_get_text(hid_t object, const char *name, char *text, size_t size);
int h5_get_number(hid_t object, const char *name, hid_t type, void *value);

#endif
