/* study/study_folder.c - a run folder appears whole or not at all.
 *
 * It is written as .NAME.partial-XXXXXX beside its place and renamed when everything is in it. An
 * older run is exchanged with it in one step where the file system can do that. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "study/study_folder_internal.h"

static int exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

static int has_file(const char *folder, const char *name)
{
    char path[FOLDER_PATH_SIZE + 32];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* Of a run, or of `feller calibrate`, which has no manifest. */
static int has_results(const char *path)
{
    return has_file(path, "manifest.json") ||
           (has_file(path, "refused.csv") && has_file(path, "report.json"));
}

static int is_empty_folder(const char *path)
{
    return rmdir(path) == 0;
}

/* Only results are ever replaced. */
static fel_status check_place(const char *path)
{
    if (!exists(path) || has_results(path) || is_empty_folder(path)) {
        return FEL_OK;
    }
    return FEL_RAISE(FEL_ERR_ARG,
                     "%s is there and is no run folder (it has neither manifest.json nor "
                     "refused.csv): nothing was touched",
                     path);
}

/* out/ is made when needed, and taken away again if the run comes to nothing. */
static fel_status make_parent(run_folder *folder)
{
    char *parent = folder->new_parent;
    (void)snprintf(parent, sizeof(folder->new_parent), "%s", folder->path);
    char *slash = strrchr(parent, '/');
    if (slash == NULL || slash == parent) {
        parent[0] = '\0';
        return FEL_OK;
    }
    *slash = '\0';
    const int was_there = exists(parent);
    const fel_status status = make_folders(parent);
    if (was_there) {
        parent[0] = '\0';
    }
    return status;
}

/* Beside the place, so that a rename is enough to put it there. */
static fel_status name_temporary(run_folder *folder)
{
    const char *slash = strrchr(folder->path, '/');
    const int parent = slash == NULL ? 0 : (int)(slash - folder->path) + 1;
    const int length =
        snprintf(folder->temporary, sizeof(folder->temporary), "%.*s.%.64s.partial-XXXXXX", parent,
                 folder->path, folder->path + parent);
    return length > 0 && (size_t)length < sizeof(folder->temporary)
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE, "%s: the path is too long", folder->path);
}

fel_status run_folder_begin(run_folder *folder, const char *path)
{
    folder->temporary[0] = '\0';
    folder->new_parent[0] = '\0';
    if (strlen(path) == 0 || strlen(path) >= sizeof(folder->path)) {
        return FEL_RAISE(FEL_ERR_ARG, "the run folder's path is empty or too long");
    }
    (void)snprintf(folder->path, sizeof(folder->path), "%s", path);
    for (size_t n = strlen(folder->path); n > 1 && folder->path[n - 1] == '/'; n--) {
        folder->path[n - 1] = '\0';
    }
    FEL_TRY(check_place(folder->path));
    FEL_TRY(make_parent(folder));
    FEL_TRY(name_temporary(folder));
    if (mkdtemp(folder->temporary) == NULL) {
        const fel_status status = FEL_RAISE(FEL_ERR_IO, "%s: cannot make the run folder: %s",
                                            folder->path, strerror(errno));
        folder->temporary[0] = '\0';
        return status;
    }
    (void)chmod(folder->temporary, 0755);
    return FEL_OK;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

void run_folder_abandon(run_folder *folder)
{
    if (folder->temporary[0] != '\0') {
        (void)nftw(folder->temporary, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
        folder->temporary[0] = '\0';
    }
    if (folder->new_parent[0] != '\0') {
        (void)rmdir(folder->new_parent); /* empty again: it was made for nothing */
        folder->new_parent[0] = '\0';
    }
}

/* The old run is at the temporary name afterwards, or aside where exchanging is not possible. */
static int put_in_place(run_folder *folder)
{
    if (!exists(folder->path)) {
        return rename(folder->temporary, folder->path) == 0;
    }
    if (renameat2(AT_FDCWD, folder->temporary, AT_FDCWD, folder->path, RENAME_EXCHANGE) == 0) {
        return 1;
    }
    char aside[sizeof(folder->temporary) + 8];
    (void)snprintf(aside, sizeof(aside), "%s.old", folder->temporary);
    if (rename(folder->path, aside) != 0) {
        return 0;
    }
    if (rename(folder->temporary, folder->path) != 0) {
        (void)rename(aside, folder->path);
        return 0;
    }
    return rename(aside, folder->temporary) == 0;
}

fel_status run_folder_commit(run_folder *folder)
{
    const int was_there = exists(folder->path);
    FEL_TRY(check_place(folder->path));
    if (!put_in_place(folder)) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot put the run folder in its place: %s", folder->path,
                         strerror(errno));
    }
    if (!was_there) {
        folder->temporary[0] = '\0';
    }
    folder->new_parent[0] = '\0';
    run_folder_abandon(folder);
    return FEL_OK;
}
