/* core/csv_out.h - fields of a CSV file on a stream. */
#ifndef FEL_CORE_CSV_OUT_H
#define FEL_CORE_CSV_OUT_H

#include "core/outfile.h"

/* FOLDER/NAME, to be committed. */
fel_status csv_open(outfile *file, const char *folder, const char *name);

/* Text, in quotes where it needs them; NULL is empty. */
void csv_put_text(FILE *stream, const char *text);

/* A comma, then the shortest digits that read back the same; nothing for what is not finite. */
void csv_put_number(FILE *stream, double value);

#endif
