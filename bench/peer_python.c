/* bench/peer_python.c - a Python peer as a child process: one line in, one repetition, seconds out.
 */
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

python_peer *python_peer_start(const char *script, const char *argument)
{
    int to[2], from[2];
    char path[512], line[128] = "";
    (void)snprintf(path, sizeof(path), "bench/peers/%s", script);
    if (!pipes_open(to, from)) {
        return NULL;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(to[0], STDIN_FILENO);
        (void)dup2(from[1], STDOUT_FILENO);
        (void)close(to[1]);
        (void)close(from[0]);
        (void)execl("/usr/bin/python3", "python3", path, argument, (char *)NULL);
        _exit(127);
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
                      script);
        python_peer_stop(peer);
        return NULL;
    }
    return peer;
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
