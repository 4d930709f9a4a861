/* core/outfile.h - files that are whole or not there: written to a temporary name beside the
 * target, checked, synced, renamed. Devices (/dev/stdout) are written to straight; a link stays a
 * link. */
#ifndef FEL_CORE_OUTFILE_H
#define FEL_CORE_OUTFILE_H

#include <stdio.h>

#include <feller/base.h>

typedef struct outfile {
    FILE *stream;
    char path[4096];      /* the target */
    char temporary[4128]; /* "" for a device */
} outfile;

/* ERR_IO with path and cause. */
fel_status outfile_open(outfile *out, const char *path);
/* Flush, check every earlier write (a full disk shows here), sync, rename. On failure the temporary
 * file is gone and the old target, if any, is as it was. */
fel_status outfile_commit(outfile *out);
/* Throw away; harmless after commit. */
void outfile_abandon(outfile *out);

/* mkdir -p. */
fel_status make_folders(const char *path);

#endif
