// Counts the file calls of a process below one folder and lets the n-th of them fail: as an error of the system, as
// a short write, or as a signal that comes just before it. To be preloaded; it does nothing until `fault_arm`.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CALL_ERROR, CALL_SHORT, CALL_SIGNAL };

struct seen {  // shared with the process that judges
    long count, fired;
    char call[32], path[512];
};

static struct seen *seen;
static const char *folder;
static int kind, value, sticky, no_exchange;
static long chosen;

void fault_arm(const char *below, int what, int number, long nth, int lasting, int plain, struct seen *where) {
    folder = below; kind = what; value = number; chosen = nth; sticky = lasting; no_exchange = plain; seen = where;
}

static int below(const char *path) {
    size_t size = strlen(folder);
    return strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == 0);
}

static int named(int handle, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return 1;
}

// Whether this call is to fail; a signal is sent and the call goes on.
static int hit(const char *call, const char *path) {
    if (kind == CALL_SHORT && strcmp(call, "write")) return 0;
    long number = __sync_add_and_fetch(&seen->count, 1);
    int takes_room = !strcmp(call, "write") || !strcmp(call, "create") || !strcmp(call, "mkdir") || !strcmp(call, "fsync");
    if (number != chosen && !(sticky && number > chosen && takes_room)) return 0;
    if (!seen->fired++) {
        snprintf(seen->call, sizeof seen->call, "%s", call);
        snprintf(seen->path, sizeof seen->path, "%s", path);
    }
    if (kind != CALL_SIGNAL) { errno = value; return 1; }
    kill(getpid(), value);
    return 0;
}

static int by_path(const char *call, int at, const char *path) {
    if (!seen || !path) return 0;
    char whole[2 * PATH_MAX];
    if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
    else {
        if (at == AT_FDCWD) { if (syscall(SYS_getcwd, whole, PATH_MAX) < 0) return 0; }
        else if (!named(at, whole)) return 0;
        size_t size = strlen(whole);
        snprintf(whole + size, sizeof whole - size, "/%s", path);
    }
    return below(whole) && hit(call, whole);
}

static int by_handle(const char *call, int handle) {
    char path[PATH_MAX];
    return seen && named(handle, path) && below(path) && hit(call, path);
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define OPENS (flags & O_CREAT ? "create" : "open")
#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); \
    mode = va_arg(more, mode_t); va_end(more); }

int open(const char *p, int flags, ...) { MODE REAL(open); return by_path(OPENS, AT_FDCWD, p) ? -1 : real(p, flags, mode); }
int open64(const char *p, int flags, ...) { MODE REAL(open64); return by_path(OPENS, AT_FDCWD, p) ? -1 : real(p, flags, mode); }
int openat(int d, const char *p, int flags, ...) { MODE REAL(openat); return by_path(OPENS, d, p) ? -1 : real(d, p, flags, mode); }
int openat64(int d, const char *p, int flags, ...) { MODE REAL(openat64); return by_path(OPENS, d, p) ? -1 : real(d, p, flags, mode); }

static size_t half(size_t size) { return size > 1 ? size / 2 : size; }
ssize_t write(int h, const void *b, size_t n) { REAL(write);
    if (by_handle("write", h)) { if (kind != CALL_SHORT) return -1; n = half(n); } return real(h, b, n); }
ssize_t pwrite64(int h, const void *b, size_t n, off64_t o) { REAL(pwrite64);
    if (by_handle("write", h)) { if (kind != CALL_SHORT) return -1; n = half(n); } return real(h, b, n, o); }
ssize_t writev(int h, const struct iovec *v, int n) { REAL(writev);
    if (by_handle("write", h)) { if (kind != CALL_SHORT) return -1; n = 1; } return real(h, v, n); }
ssize_t copy_file_range(int a, off64_t *x, int b, off64_t *y, size_t n, unsigned f) { REAL(copy_file_range);
    if (by_handle("write", b)) { if (kind != CALL_SHORT) return -1; n = half(n); } return real(a, x, b, y, n, f); }

ssize_t read(int h, void *b, size_t n) { REAL(read); return by_handle("read", h) ? -1 : real(h, b, n); }
int fsync(int h) { REAL(fsync); return by_handle("fsync", h) ? -1 : real(h); }
int fdatasync(int h) { REAL(fdatasync); return by_handle("fsync", h) ? -1 : real(h); }
int ftruncate64(int h, off64_t n) { REAL(ftruncate64); return by_handle("truncate", h) ? -1 : real(h, n); }
int fchmod(int h, mode_t m) { REAL(fchmod); return by_handle("chmod", h) ? -1 : real(h, m); }
int fchown(int h, uid_t u, gid_t g) { REAL(fchown); return by_handle("chown", h) ? -1 : real(h, u, g); }
int flock(int h, int how) { REAL(flock); return by_handle("flock", h) ? -1 : real(h, how); }
int chmod(const char *p, mode_t m) { REAL(chmod); return by_path("chmod", AT_FDCWD, p) ? -1 : real(p, m); }
int mkdir(const char *p, mode_t m) { REAL(mkdir); return by_path("mkdir", AT_FDCWD, p) ? -1 : real(p, m); }
int rmdir(const char *p) { REAL(rmdir); return by_path("unlink", AT_FDCWD, p) ? -1 : real(p); }
int unlink(const char *p) { REAL(unlink); return by_path("unlink", AT_FDCWD, p) ? -1 : real(p); }
int unlinkat(int d, const char *p, int f) { REAL(unlinkat); return by_path("unlink", d, p) ? -1 : real(d, p, f); }
int rename(const char *a, const char *b) { REAL(rename); return by_path("rename", AT_FDCWD, b) ? -1 : real(a, b); }
int renameat(int x, const char *a, int y, const char *b) { REAL(renameat); return by_path("rename", y, b) ? -1 : real(x, a, y, b); }
int renameat2(int x, const char *a, int y, const char *b, unsigned f) { REAL(renameat2);
    if (seen && no_exchange) { errno = ENOSYS; return -1; }
    return by_path("rename", y, b) ? -1 : real(x, a, y, b, f); }

// What Linux does when a close reports an error: the handle is gone all the same.
int close(int h) { REAL(close); if (!by_handle("close", h)) return real(h); int code = errno; real(h); errno = code; return -1; }
