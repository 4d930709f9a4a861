/* bench/peer_python.c - a peer as a child process, in Python or C++: one line in, one repetition,
 * seconds out. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"

struct python_peer {
    pid_t pid;
    FILE *to, *from;
};

static int pipes_open(int to[2], int from[2])
{
    return pipe(to) == 0 && pipe(from) == 0;
}

/* In the child: the program, its ends of the pipes being standard input and output. */
static void run_child(const int to[2], const int from[2], const char *const *words)
{
    (void)dup2(to[0], STDIN_FILENO);
    (void)dup2(from[1], STDOUT_FILENO);
    (void)close(to[1]);
    (void)close(from[0]);
    (void)execl(words[0], words[0], words[1], words[2], (char *)NULL);
    _exit(127);
}

/* words: path and two arguments. */
static python_peer *start(const char *const *words, const char *name)
{
    int to[2], from[2];
    char line[128] = "";
    if (!pipes_open(to, from)) {
        return NULL;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        run_child(to, from, words);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    python_peer *peer = malloc(sizeof(*peer));
    if (peer == NULL || pid < 0) {
        free(peer);
        return NULL;
    }
    peer->pid = pid;
    peer->to = fdopen(to[1], "w");
    peer->from = fdopen(from[0], "r");
    if (fgets(line, sizeof(line), peer->from) == NULL || strncmp(line, "ready", 5) != 0) {
        (void)fprintf(stderr, "bench: no peer %s: `make bench-peers` installs what it needs\n",
                      name);
        python_peer_stop(peer);
        return NULL;
    }
    return peer;
}

python_peer *python_peer_start(const char *script, const char *argument)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "bench/peers/%s", script);
    const char *const words[] = {"/usr/bin/python3", path, argument};
    return start(words, script);
}

python_peer *program_peer_start(const char *name, const char *first, const char *second)
{
    const char *out = getenv("FELLER_OUT");
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/bench/peers/%s", out != NULL ? out : "build/release",
                   name);
    const char *const words[] = {path, first, second};
    return start(words, name);
}

void program_peer_values(python_peer *peer, double *values, size_t n)
{
    char line[128] = "";
    (void)fprintf(peer->to, "values\n");
    (void)fflush(peer->to);
    for (size_t i = 0; i < n; i++) {
        if (fgets(line, sizeof(line), peer->from) == NULL) {
            (void)fprintf(stderr, "bench: the peer died\n");
            exit(1);
        }
        values[i] = strtod(line, NULL);
    }
}

double python_peer_run(void *self)
{
    python_peer *peer = self;
    char line[128] = "";
    (void)fprintf(peer->to, "go\n");
    (void)fflush(peer->to);
    if (fgets(line, sizeof(line), peer->from) == NULL) {
        (void)fprintf(stderr, "bench: the Python peer died\n");
        exit(1);
    }
    return strtod(line, NULL);
}

void python_peer_stop(python_peer *peer)
{
    if (peer != NULL) {
        (void)fclose(peer->to);
        (void)fclose(peer->from);
        (void)waitpid(peer->pid, NULL, 0);
        free(peer);
    }
}
