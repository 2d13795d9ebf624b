#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

int linux_accept(int descriptor, struct sockaddr *address, socklen_t *length) {
  return accept4(descriptor, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void linux_name_thread(const char *name) {
  char cut[16] = {0};
  strncpy(cut, name, sizeof cut - 1);
  pthread_setname_np(pthread_self(), cut);
}

void linux_work_in_batches(void) {
  struct sched_param parameters = {0};
  sched_setscheduler(0, SCHED_BATCH, &parameters);
}

off_t linux_seek_data(int descriptor, off_t offset) { return lseek(descriptor, offset, SEEK_DATA); }

int linux_is_cached(int descriptor, off_t offset) {
#ifdef RWF_NOWAIT
  char byte;
  struct iovec place = {&byte, 1};
  return preadv2(descriptor, &place, 1, offset, RWF_NOWAIT) >= 0 || errno != EAGAIN;
#else
  return 1;
#endif
}

int linux_rename_exclusive(int old_directory, const char *old_name, int new_directory, const char *new_name) {
  return renameat2(old_directory, old_name, new_directory, new_name, RENAME_NOREPLACE);
}

// Swift's overlay of the C library refers to hypotf, and glibc has one of version 2.35: nothing calls it, but a
// program with that name in it doesn't start on older systems. This is the one that is linked.
float hypotf(float x, float y) {
  return isinf(x) || isinf(y) ? INFINITY : (float)sqrt((double)x * x + (double)y * y);
}
