/* data/csv_source_internal.h - a file as a stream of bytes, unpacked. */
#ifndef FEL_MODULE_DATA
#error "data/csv_source_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CSV_SOURCE_INTERNAL_H
#define FEL_DATA_CSV_SOURCE_INTERNAL_H

#include <feller/base.h>

typedef struct csv_source csv_source;

/* Plain or packed (gzip, zstd, zip with one file, bzip2, xz), by content. ERR_IO, ERR_FORMAT. */
fel_status csv_source_open(csv_source **out, const char *path);
void csv_source_close(csv_source *s); /* NULL is allowed */

/* Fill bytes as far as the file goes: *n < size only at its end. */
fel_status csv_source_read(csv_source *s, char *bytes, size_t size, size_t *n);

/* Name of the file inside the archive, "" if there is none; borrowed. */
const char *csv_source_entry(const csv_source *s);

/* The share of the file that has been read, 0 .. 1; 0 where it is not known (a pipe). */
double csv_source_share(const csv_source *s);

/* Of the file on disk; 0 where it is not known. */
double csv_source_size_bytes(const csv_source *s);

/* XXH3 128 of the file as it is on disk; for a plain file of what has been read so far. */
void csv_source_hash(const csv_source *s, char text[33]);

#endif
