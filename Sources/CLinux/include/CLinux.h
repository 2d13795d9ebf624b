#ifndef CLINUX_H
#define CLINUX_H
// Linux headers that the toolchain's Glibc module lacks.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/xattr.h>

// Calls that the C library declares for _GNU_SOURCE only, which the Glibc module is built without.

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC.
int linux_accept(int descriptor, struct sockaddr *address, socklen_t *length);
/// Names the calling thread, for ps, perf and debuggers; longer than 15 bytes is cut.
void linux_name_thread(const char *name);
/// SCHED_BATCH for the calling thread: when it wakes it does not interrupt another that is running (sched(7)).
void linux_work_in_batches(void);
/// lseek with SEEK_DATA: the first byte at or after `offset` that is not in a hole; -1 and ENXIO when there is
/// none.
off_t linux_seek_data(int descriptor, off_t offset);
/// Whether a byte can be read without waiting for a disk: 0 when it can't, 1 when it can, or when that can't be told.
int linux_is_cached(int descriptor, off_t offset);
/// renameat that fails with EEXIST when the new name is taken, and with EINVAL on file systems that can't tell.
int linux_rename_exclusive(int old_directory, const char *old_name, int new_directory, const char *new_name);
#endif
