/* data/segment_h5.c - the names inside a segment file. */
#include <stdio.h>
#include <string.h>

#include "data/segment_h5_internal.h"

hid_t h5_code_type(const codec_plan *plan)
{
    if (plan->kind == CODEC_FLOAT64) {
        return H5T_IEEE_F64LE;
    }
    const int is_signed = plan->kind == CODEC_DELTA;
    switch (plan->width) {
    case 1:
        return is_signed ? H5T_STD_I8LE : H5T_STD_U8LE;
    case 2:
        return is_signed ? H5T_STD_I16LE : H5T_STD_U16LE;
    case 4:
        return is_signed ? H5T_STD_I32LE : H5T_STD_U32LE;
    default:
        return is_signed ? H5T_STD_I64LE : H5T_STD_U64LE;
    }
}

void h5_group_name(uint32_t group, char name[H5_NAME_SIZE])
{
    (void)snprintf(name, H5_NAME_SIZE, "%06u", (unsigned)group);
}

/* A column's own name where HDF5 can take it, else its number. */
static int is_plain_name(const fel_series_info *info, size_t column)
{
    const char *name = info->columns[column];
    int ok = name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL &&
             strncmp(name, "column_", 7) != 0;
    for (size_t c = 0; ok && c < column; c++) {
        ok = strcmp(name, info->columns[c]) != 0;
    }
    return ok;
}

void h5_lane_name(const fel_series_info *info, size_t lane, char name[H5_NAME_SIZE])
{
    const size_t column = lane - 1;
    if (lane == 0 || lane == info->n_columns + 1) {
        (void)snprintf(name, H5_NAME_SIZE, "%s", lane == 0 ? "time" : "open_time");
    } else if (is_plain_name(info, column)) {
        (void)snprintf(name, H5_NAME_SIZE, "columns/%s", info->columns[column]);
    } else {
        (void)snprintf(name, H5_NAME_SIZE, "columns/column_%zu", column);
    }
}
