/* core/sealed_items.c - groups and vectors in HDF5 files, without times: the same numbers make the
 * same bytes. */
#include "core/sealed.h"

static hid_t timeless(hid_t class)
{
    const hid_t how = H5Pcreate(class);
    if (how >= 0 && H5Pset_obj_track_times(how, 0) < 0) {
        h5_close(how);
        return -1;
    }
    return how;
}

hid_t saved_group_create(hid_t parent, const char *name)
{
    const hid_t how = timeless(H5P_GROUP_CREATE);
    const hid_t group = H5Gcreate2(parent, name, H5P_DEFAULT, how, H5P_DEFAULT);
    h5_close(how);
    return group;
}

static hid_t file_type(saved_type type)
{
    return type == SAVED_F32 ? H5T_IEEE_F32LE : type == SAVED_F64 ? H5T_IEEE_F64LE : H5T_STD_U64LE;
}

static hid_t memory_type(saved_type type)
{
    return type == SAVED_F32   ? H5T_NATIVE_FLOAT
           : type == SAVED_F64 ? H5T_NATIVE_DOUBLE
                               : H5T_NATIVE_UINT64;
}

fel_status saved_put(hid_t parent, const char *path, const char *name, saved_type type, size_t n,
                     const void *values)
{
    const hsize_t extent = n;
    const hid_t space = H5Screate_simple(1, &extent, NULL), how = timeless(H5P_DATASET_CREATE);
    const hid_t data =
        H5Dcreate2(parent, name, file_type(type), space, H5P_DEFAULT, how, H5P_DEFAULT);
    const int ok =
        data >= 0 && H5Dwrite(data, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    h5_close(data);
    h5_close(how);
    h5_close(space);
    return ok ? FEL_OK : h5_raise(FEL_ERR_IO, path, name);
}

static int has_shape(hid_t data, saved_type type, size_t n)
{
    hsize_t extent = 0;
    const hid_t space = H5Dget_space(data), own = H5Dget_type(data);
    const int ok = space >= 0 && own >= 0 && H5Tequal(own, file_type(type)) > 0 &&
                   H5Sget_simple_extent_ndims(space) == 1 &&
                   H5Sget_simple_extent_dims(space, &extent, NULL) == 1 && extent == n;
    h5_close(own);
    h5_close(space);
    return ok;
}

fel_status saved_get(hid_t parent, const char *path, const char *name, saved_type type, size_t n,
                     void *values)
{
    const hid_t data = H5Dopen2(parent, name, H5P_DEFAULT);
    fel_status status = FEL_OK;
    if (data >= 0 && !has_shape(data, type, n)) {
        status =
            FEL_RAISE(FEL_ERR_SHAPE, "%s: %s is not of %zu numbers of its kind", path, name, n);
    } else if (data < 0 ||
               H5Dread(data, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        status = h5_raise(FEL_ERR_FORMAT, path, name);
    }
    h5_close(data);
    return status;
}
