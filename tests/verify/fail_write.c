/* tests/verify/fail_write.c - see fail_write.h.
 *
 * A filter in the command lets the kernel stop it at calls that can change a disk, and at no
 * others; the tracer looks at the file, counts, and either lets the call go on or puts an error in
 * place of its result. Calls on files elsewhere, and on stdout and stderr, are not counted. */
#include "tests/verify/fail_write.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)

typedef enum call_kind { CALL_WRITE, CALL_FILE, CALL_SYNC, CALL_PATH, CALL_OPEN } call_kind;

/* Calls of the x86-64 table by which a file changes. */
static const struct {
    int number;
    call_kind kind;
} calls[] = {
    {SYS_write, CALL_WRITE},   {SYS_pwrite64, CALL_WRITE}, {SYS_writev, CALL_FILE},
    {SYS_pwritev, CALL_FILE},  {SYS_ftruncate, CALL_FILE}, {SYS_fallocate, CALL_FILE},
    {SYS_fsync, CALL_SYNC},    {SYS_fdatasync, CALL_SYNC}, {SYS_rename, CALL_PATH},
    {SYS_renameat, CALL_PATH}, {SYS_renameat2, CALL_PATH}, {SYS_mkdir, CALL_PATH},
    {SYS_mkdirat, CALL_PATH},  {SYS_openat, CALL_OPEN},
};
enum { N_CALLS = sizeof(calls) / sizeof(calls[0]) };

/* ---- the command ----------------------------------------------------------------------------- */

/* Stops for the tracer at these calls. */
static int install_filter(void)
{
    struct sock_filter code[2 * N_CALLS + 2];
    size_t n = 0;
    code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                             (unsigned)offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < N_CALLS; i++) {
        code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                 (unsigned)calls[i].number, 0, 1);
        code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    }
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const struct sock_fprog program = {(unsigned short)n, code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* In the child: never returns. */
static void become(const char *folder, const char *const *argv, int error_fd)
{
    char *words[64];
    size_t n = 0;
    const int nowhere = open("/dev/null", O_RDWR);
    for (; argv[n] != NULL && n < 63; n++) {
        words[n] = strdup(argv[n]);
    }
    words[n] = NULL;
    /* One thread: the k-th call is the same in every run. Leaks cannot be looked for under a
     * tracer. */
    const int is_ready = chdir(folder) == 0 && dup2(nowhere, 0) >= 0 && dup2(nowhere, 1) >= 0 &&
                         dup2(error_fd, 2) >= 0 && setenv("OMP_NUM_THREADS", "1", 1) == 0 &&
                         setenv("ASAN_OPTIONS", "detect_leaks=0", 1) == 0 &&
                         ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
    if (!is_ready || raise(SIGSTOP) != 0 || !install_filter()) {
        _exit(126);
    }
    (void)execv(words[0], words);
    _exit(127);
}

/* ---- the tracer ------------------------------------------------------------------------------ */

typedef struct tracer {
    const char *folder;
    disk_fault fault;
    int k;
    faulted_run *out;
    pid_t child;
} tracer;

static int is_below(const tracer *t, pid_t process, unsigned long long fd)
{
    char link[64], path[4096];
    (void)snprintf(link, sizeof(link), "/proc/%d/fd/%llu", (int)process, fd);
    const ssize_t n = readlink(link, path, sizeof(path) - 1);
    const size_t length = strlen(t->folder);
    return n > 0 && (size_t)n >= length && memcmp(path, t->folder, length) == 0;
}

static int is_counted(const tracer *t, pid_t process, call_kind kind,
                      const struct user_regs_struct *r)
{
    switch (kind) {
    case CALL_WRITE:
    case CALL_FILE:
    case CALL_SYNC:
        return r->rdi > 2 && is_below(t, process, r->rdi);
    case CALL_OPEN:
        return (r->rdx & O_CREAT) != 0;
    case CALL_PATH:
    default:
        return 1;
    }
}

/* Bit by bit: `long` for ptrace's NULL address and its data. */
static void answer(pid_t process, struct user_regs_struct *r, int error)
{
    r->orig_rax = (unsigned long long)-1; /* no such call: nothing is done */
    r->rax = (unsigned long long)-(long long)error;
    (void)ptrace(PTRACE_SETREGS, process, NULL, r);
}

static void at_call(tracer *t, pid_t process)
{
    struct user_regs_struct r;
    if (ptrace(PTRACE_GETREGS, process, NULL, &r) != 0) {
        return;
    }
    size_t i = 0;
    while (i < N_CALLS && (unsigned long long)calls[i].number != r.orig_rax) {
        i++;
    }
    if (i == N_CALLS || !is_counted(t, process, calls[i].kind, &r)) {
        return;
    }
    const int place = ++t->out->n_calls;
    const int is_hit =
        t->fault == DISK_ONCE ? place == t->k : t->fault != DISK_FINE && place >= t->k;
    if (!is_hit) {
        return;
    }
    t->out->n_failed++;
    if (t->fault == DISK_SHORT && place == t->k && calls[i].kind == CALL_WRITE && r.rdx > 1) {
        r.rdx /= 2;
        (void)ptrace(PTRACE_SETREGS, process, NULL, &r);
        return;
    }
    answer(process, &r, calls[i].kind == CALL_SYNC ? EIO : ENOSPC);
}

/* Until the command itself has ended; its threads come and go. */
static void follow(tracer *t)
{
    for (;;) {
        int state = 0, signal_number = 0;
        const pid_t process = waitpid(-1, &state, __WALL);
        if (process < 0) {
            return;
        }
        if (WIFEXITED(state) || WIFSIGNALED(state)) {
            if (process == t->child) {
                t->out->exit_code = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
                return;
            }
            continue;
        }
        const int event = state >> 16;
        if (event == PTRACE_EVENT_SECCOMP) {
            at_call(t, process);
        } else if (event == 0 && WSTOPSIG(state) != SIGSTOP && WSTOPSIG(state) != SIGTRAP) {
            signal_number = WSTOPSIG(state);
        }
        (void)ptrace(PTRACE_CONT, process, NULL, (long)signal_number);
    }
}

static int give_up(faulted_run *out, const char *why)
{
    (void)snprintf(out->said, sizeof(out->said), "%s: %s", why, strerror(errno));
    return 0;
}

static int trace(tracer *t)
{
    const long wanted = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
    int state = 0;
    if (waitpid(t->child, &state, 0) < 0 || !WIFSTOPPED(state)) {
        return give_up(t->out, "the command did not stop for its tracer");
    }
    if (ptrace(PTRACE_SETOPTIONS, t->child, NULL, wanted) != 0 ||
        ptrace(PTRACE_CONT, t->child, NULL, 0L) != 0) {
        const int traced = give_up(t->out, "the command cannot be traced");
        (void)kill(t->child, SIGKILL);
        (void)waitpid(t->child, &state, 0);
        return traced;
    }
    follow(t);
    return t->out->exit_code != 126 || give_up(t->out, "no filter for system calls");
}

int run_with_fault(const char *folder, const char *const *argv, disk_fault fault, int k,
                   faulted_run *out)
{
    memset(out, 0, sizeof(*out));
    const int error_fd = memfd_create("stderr", MFD_CLOEXEC);
    (void)fflush(NULL);
    tracer t = {folder, fault, k, out, fork()};
    if (t.child < 0) {
        (void)close(error_fd);
        return give_up(out, "no process");
    }
    if (t.child == 0) {
        become(folder, argv, error_fd);
    }
    const int is_traced = trace(&t);
    const ssize_t n = is_traced ? pread(error_fd, out->said, sizeof(out->said) - 1, 0) : 0;
    if (n > 0) {
        out->said[n] = '\0';
    }
    (void)close(error_fd);
    return is_traced;
}

#else

int run_with_fault(const char *folder, const char *const *argv, disk_fault fault, int k,
                   faulted_run *out)
{
    (void)folder;
    (void)argv;
    (void)fault;
    (void)k;
    memset(out, 0, sizeof(*out));
    (void)snprintf(out->said, sizeof(out->said), "only system calls of x86-64 are known");
    return 0;
}

#endif
