/* core/outfile.c - a temporary file beside the target takes its name only when it is whole.
 *
 * Order of a commit: flush, look for any earlier failed write, sync the bytes, close, rename, sync
 * the folder. A crash between any two of these leaves the old file or the new one. */
#include "core/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_uint n_opened;

static fel_status raise_io(const char *path, const char *what)
{
    return FEL_RAISE(FEL_ERR_IO, "%s: %s: %s", path, what, strerror(errno));
}

/* -1 unless the path names one of the process's own streams, whose position must be kept. */
static int own_stream(const char *path)
{
    return strcmp(path, "/dev/stdout") == 0   ? STDOUT_FILENO
           : strcmp(path, "/dev/stderr") == 0 ? STDERR_FILENO
                                              : -1;
}

static int is_device(const char *path)
{
    struct stat info;
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0 ||
           (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode));
}

static int open_device(const char *path)
{
    const int own = own_stream(path);
    return own >= 0 ? fcntl(own, F_DUPFD_CLOEXEC, 0)
                    : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

/* A new file beside the target, with the target's mode if there is one. */
static int open_temporary(outfile *out)
{
    int file = -1;
    do {
        const unsigned number = atomic_fetch_add(&n_opened, 1) & 0xffffff;
        (void)snprintf(out->temporary, sizeof(out->temporary), "%s.%lx-%x", out->path,
                       (unsigned long)getpid(), number);
        file = open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (file < 0 && errno == EEXIST);
    struct stat info;
    if (file >= 0 && stat(out->path, &info) == 0) {
        (void)fchmod(file, info.st_mode & 07777);
    }
    return file;
}

/* The file behind a link, so that the link stays one; other paths as they are. */
static int set_path(outfile *out, const char *path)
{
    struct stat info;
    char *real = lstat(path, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(path, NULL) : NULL;
    const int length = snprintf(out->path, sizeof(out->path), "%s", real != NULL ? real : path);
    free(real);
    return length > 0 && (size_t)length < sizeof(out->path);
}

fel_status outfile_open(outfile *out, const char *path)
{
    out->stream = NULL;
    out->temporary[0] = '\0';
    const int device = is_device(path);
    if (device) {
        (void)snprintf(out->path, sizeof(out->path), "%s", path);
    } else if (!set_path(out, path)) {
        errno = path[0] == '\0' ? ENOENT : ENAMETOOLONG;
        return raise_io(path, "cannot create");
    }
    struct stat info;
    if (stat(out->path, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return raise_io(path, "cannot create");
    }
    const int file = device ? open_device(out->path) : open_temporary(out);
    out->stream = file < 0 ? NULL : fdopen(file, "w");
    if (out->stream == NULL) {
        const fel_status status = raise_io(path, "cannot create");
        if (file >= 0) {
            (void)close(file);
            outfile_abandon(out);
        }
        out->temporary[0] = '\0';
        return status;
    }
    return FEL_OK;
}

/* Why earlier bytes could not be written: the stream does not remember, so one more is tried on the
 * temporary file, which goes away in any case. */
static int cause_of_failure(const outfile *out)
{
    if (out->temporary[0] == '\0') {
        return EIO;
    }
    errno = 0;
    return write(fileno(out->stream), "", 1) == 1 || errno == 0 ? EIO : errno;
}

/* Every byte out of the program and, for a file, on the disk. */
static int write_out(outfile *out)
{
    errno = 0;
    if (fflush(out->stream) != 0 || ferror(out->stream)) {
        errno = errno != 0 ? errno : cause_of_failure(out);
        return 0;
    }
    return out->temporary[0] == '\0' || fsync(fileno(out->stream)) == 0;
}

/* A rename is on the disk once its folder is. File systems that cannot sync folders say EINVAL. */
static int sync_folder(const char *path)
{
    char folder[sizeof(((outfile *)NULL)->path)];
    (void)snprintf(folder, sizeof(folder), "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        (void)snprintf(folder, sizeof(folder), ".");
    } else {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    const int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) {
        return errno == EACCES;
    }
    const int ok = fsync(file) == 0 || errno == EINVAL;
    (void)close(file);
    return ok;
}

fel_status outfile_commit(outfile *out)
{
    int ok = write_out(out);
    const int cause = errno;
    const int closed = fclose(out->stream) == 0;
    out->stream = NULL;
    if (ok && !closed) {
        ok = 0;
    } else {
        errno = cause;
    }
    if (!ok) {
        const fel_status status = raise_io(out->path, "cannot write");
        outfile_abandon(out);
        return status;
    }
    if (out->temporary[0] == '\0') {
        return FEL_OK;
    }
    if (rename(out->temporary, out->path) != 0) {
        const fel_status status = raise_io(out->path, "cannot replace");
        outfile_abandon(out);
        return status;
    }
    out->temporary[0] = '\0';
    return sync_folder(out->path) ? FEL_OK : raise_io(out->path, "cannot sync its folder");
}

void outfile_abandon(outfile *out)
{
    if (out->stream != NULL) {
        (void)fclose(out->stream);
        out->stream = NULL;
    }
    if (out->temporary[0] != '\0') {
        (void)unlink(out->temporary);
        out->temporary[0] = '\0';
    }
}

static int make_folder(const char *path)
{
    struct stat info;
    if (mkdir(path, 0777) == 0) {
        return 1;
    }
    const int cause = errno;
    const int is_there = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    errno = cause;
    return is_there;
}

fel_status make_folders(const char *path)
{
    char part[sizeof(((outfile *)NULL)->path)];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof(part)) {
        errno = length == 0 ? ENOENT : ENAMETOOLONG;
        return raise_io(path, "cannot make this folder");
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        (void)snprintf(part, sizeof(part), "%.*s", (int)i, path);
        if (!make_folder(part)) {
            return raise_io(part, "cannot make this folder");
        }
    }
    return FEL_OK;
}
