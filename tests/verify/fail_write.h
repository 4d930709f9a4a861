/* tests/verify/fail_write.h - a command whose k-th change to the disk fails: it runs under ptrace,
 * and the system call is answered in the kernel's place. Nothing of the command is changed for it.
 */
#ifndef FEL_TESTS_FAIL_WRITE_H
#define FEL_TESTS_FAIL_WRITE_H

typedef enum disk_fault {
    DISK_FINE,  /* calls are counted */
    DISK_ONCE,  /* the k-th call fails, the next ones do not */
    DISK_FULL,  /* all from the k-th on fail */
    DISK_SHORT, /* the k-th writes half of what it was given, all after it fail */
    DISK_N_FAULTS
} disk_fault;

typedef struct faulted_run {
    int exit_code; /* 128 + n: ended by signal n */
    int n_calls;   /* that change files below the folder, until the end */
    int n_failed;
    char said[4096]; /* on stderr */
} faulted_run;

/* Run argv (argv[0] a path, NULL at the end) with `folder` as working folder, stdout thrown away.
 * Writes, truncations, syncs, renames, new files and new folders below it are counted. 0 where
 * processes cannot be traced: `said` then says why. */
int run_with_fault(const char *folder, const char *const *argv, disk_fault fault, int k,
                   faulted_run *out);

#endif
