#ifndef CLINUX_H
#define CLINUX_H
// Linux headers that the toolchain's Glibc module lacks.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#endif
