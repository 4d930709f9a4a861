/* core/h5.c - HDF5 made quiet, one call at a time, and its small attributes. */
#include "core/h5.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* HDF5 keeps global state and has one lock inside even where it was built for threads. */
static pthread_mutex_t h5_mutex = PTHREAD_MUTEX_INITIALIZER;

void h5_begin(h5_scope *scope)
{
    (void)pthread_mutex_lock(&h5_mutex);
    (void)H5Eget_auto2(H5E_DEFAULT, &scope->print, &scope->print_data);
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void h5_end(const h5_scope *scope)
{
    (void)H5Eset_auto2(H5E_DEFAULT, scope->print, scope->print_data);
    (void)pthread_mutex_unlock(&h5_mutex);
}

/* The walk goes from the innermost record outwards. */
static herr_t keep_first(unsigned n, const H5E_error2_t *record, void *text)
{
    if (n == 0 && record->desc != NULL) {
        (void)snprintf(text, 160, "%s", record->desc);
    }
    return 0;
}

fel_status h5_raise(fel_status status, const char *path, const char *what)
{
    char text[160] = "no reason given";
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, text);
    return FEL_RAISE(status, "%s: %s: %s", path, what, text);
}

void h5_close(hid_t id)
{
    if (id >= 0) {
        (void)H5Idec_ref(id);
    }
}

int h5_put_text(hid_t object, const char *name, const char *text)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    const size_t size = strlen(text) + 1;
    int status = -1;
    if (type >= 0 && H5Tset_size(type, size) >= 0) {
        status = h5_put_number(object, name, type, text);
    }
    h5_close(type);
    return status;
}

int h5_put_number(hid_t object, const char *name, hid_t type, const void *value)
{
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    const int status = attribute < 0 ? -1 : (int)H5Awrite(attribute, type, value);
    h5_close(attribute);
    h5_close(space);
    return status;
}

int h5_get_number(hid_t object, const char *name, hid_t type, void *value)
{
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    int status = -1;
    if (space >= 0 && H5Sget_simple_extent_npoints(space) == 1) {
        status = (int)H5Aread(attribute, type, value);
    }
    h5_close(space);
    h5_close(attribute);
    return status;
}

int h5_get_text(hid_t object, const char *name, char *text, size_t size)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    int status = -1;
    memset(text, 0, size);
    if (type >= 0 && H5Tset_size(type, size) >= 0) {
        status = h5_get_number(object, name, type, text);
    }
    text[size - 1] = '\0';
    h5_close(type);
    return status;
}
