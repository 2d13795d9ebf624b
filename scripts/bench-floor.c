// The least that a transfer over loopback can cost: one process sends a file in blocks of 16 KiB behind headers of
// 13 bytes (sendfile), another receives it in large reads and writes it to a file. No digest, no protocol, no choice.
//
//     bench-floor SOURCE COPY     prints: wall, CPU seconds of the receiver, CPU seconds of the sender
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { block = 16384, header = 13, piece = 1 << 20 };

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

static double clock_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void send_all(struct sockaddr_in to, const char *path, off_t size) {
  int out = socket(AF_INET, SOCK_STREAM, 0), file = open(path, O_RDONLY);
  if (connect(out, (struct sockaddr *)&to, sizeof to)) _exit(1);
  char bytes[header] = {0};
  for (off_t at = 0; at < size;) {
    off_t end = at + block < size ? at + block : size;
    if (send(out, bytes, header, MSG_MORE) != header) _exit(1);
    while (at < end)
      if (sendfile(out, file, &at, end - at) <= 0) _exit(1);
  }
  _exit(0);
}

int main(int count, char **words) {
  struct stat status;
  if (count != 3 || stat(words[1], &status)) return 2;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1)) return 1;
  getsockname(listener, (struct sockaddr *)&address, &length);

  double start = clock_now();
  pid_t sender = fork();
  if (sender == 0) send_all(address, words[1], status.st_size);
  int in = accept(listener, 0, 0), copy = open(words[2], O_RDWR | O_CREAT | O_TRUNC, 0644);
  static char buffer[piece];
  off_t written = 0;
  for (size_t filled = 0;;) {
    ssize_t got = recv(in, buffer + filled, piece - filled, 0);
    filled += got > 0 ? got : 0;
    if (filled == piece || (got <= 0 && filled > 0)) {
      if (pwrite(copy, buffer, filled, written) < 0) return 1;
      written += filled;
      filled = 0;
    }
    if (got <= 0) break;
  }
  struct rusage mine, its;
  int ending;
  wait4(sender, &ending, 0, &its);
  double wall = clock_now() - start;
  getrusage(RUSAGE_SELF, &mine);
  printf("%.3f %.3f %.3f\n", wall, seconds(mine.ru_utime) + seconds(mine.ru_stime),
         seconds(its.ru_utime) + seconds(its.ru_stime));
  return ending != 0;
}
