#ifndef CDIGEST_H
#define CDIGEST_H
#endif
