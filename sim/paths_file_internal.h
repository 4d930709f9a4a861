/* sim/paths_file_internal.h - writing paths: a file format as a table of functions. */
#ifndef FEL_SIM_PATHS_FILE_INTERNAL_H
#define FEL_SIM_PATHS_FILE_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/paths_file_internal.h belongs to sim/"
#endif

#include "core/outfile.h"
#include "sim/generator_internal.h"

/* Paths in memory, [output][asset][path][date]: only outputs that are asked for. Values are floats
 * or doubles by options->single_precision. */
typedef struct path_chunk {
    uint64_t first_path;
    size_t n_paths;
    const void *values;
} path_chunk;

typedef struct path_sheet {
    const fel_paths *paths;
    const fel_path_file *options;
    outfile file;
    fel_path_output outputs[FEL_PATH_N_OUTPUTS]; /* asked for, in order */
    size_t n_outputs, n_assets, n_columns;       /* columns: dates, time 0 included */
    size_t real_size;
    void *format_state; /* the format's own */
} path_sheet;

typedef struct path_format {
    fel_status (*open)(path_sheet *sheet);
    fel_status (*write)(path_sheet *sheet, const path_chunk *chunk);
    /* All is written: finish, so that the file can be renamed. */
    fel_status (*finish)(path_sheet *sheet);
    void (*close)(path_sheet *sheet); /* after finish, or instead of it */
} path_format;

extern const path_format path_format_h5, path_format_csv;

#endif
